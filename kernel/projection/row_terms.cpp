#include "kernel/projection/row_terms.hpp"

#include <algorithm>

#include "kernel/projection/search_terms.hpp"
#include "kernel/schema/payload_reader.hpp"

namespace opsledger {

BytesView text_of_field(const TypeNode& type, BytesView value) {
  PayloadReader in(value);
  const TypeNode* inner = &type;
  while (inner->kind == TypeNode::Kind::kOptional) {
    if (in.fixed<std::uint8_t>() == 0) return {};
    inner = inner->element.get();
  }
  return in.bytes();
}

std::vector<std::string> row_terms(const TableShape& shape, BytesView key,
                                   std::span<const BytesView> values) {
  if (shape.search.empty()) return {};
  auto terms = search_terms(key);
  for (const auto field : shape.search) {
    auto more = search_terms(text_of_field(*shape.fields()[field].type, values[field]));
    terms.insert(terms.end(), std::make_move_iterator(more.begin()),
                 std::make_move_iterator(more.end()));
  }
  std::sort(terms.begin(), terms.end());
  terms.erase(std::unique(terms.begin(), terms.end()), terms.end());
  return terms;
}

}  // namespace opsledger
