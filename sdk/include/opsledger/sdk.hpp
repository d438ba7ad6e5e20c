// Everything a plugin needs. sdk/README.md is the tutorial.
#pragma once

#include <opsledger/library.hpp>
