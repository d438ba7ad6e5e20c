// The SDK's version; sdk/CHANGELOG.md has what changed.
#pragma once

#define OPS_SDK_VERSION "0.1.0"
