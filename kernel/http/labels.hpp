// Bilingual labels as JSON.
#pragma once

#include <boost/json/object.hpp>

#include "kernel/plugin/plugin_instance.hpp"

namespace opsledger {

inline boost::json::object label_json(const Label& label) {
  return {{"en", label.en}, {"zh", label.zh}};
}

}  // namespace opsledger
