// How one type's bytes become another's: compiled once, then run per event.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "kernel/schema/type_node.hpp"
#include "storage/base/result.hpp"

namespace opsledger {

/// A node of the plan. Types point into the two schemas, which outlive it.
struct ConversionPlan {
  enum class Step {
    kCopy,         ///< same structure: checked, then copied
    kWidenSigned,  ///< integer to a wider one; the writer's sign is extended
    kWidenUnsigned,
    kIntegerToDecimal,
    kEnum,      ///< index by `indices`
    kWrap,      ///< T to optional T; children[0] converts T
    kOptional,  ///< children[0] converts the element
    kList,      ///< children[0]
    kMap,       ///< children[0] the key, children[1] the value
    kVariant,   ///< `indices`, children by the writer's alternative
    kStruct,    ///< per reader field: `indices` = the writer's field or kAbsent
  };
  static constexpr std::uint32_t kAbsent = UINT32_MAX;

  Step step{};
  const TypeNode* writer = nullptr;
  const TypeNode* reader = nullptr;
  std::vector<std::uint32_t> indices;
  std::vector<std::unique_ptr<ConversionPlan>> children;
};

/// Errors: kInvalid `schema.incompatible` naming the place and both types.
Result<std::unique_ptr<ConversionPlan>> plan_conversion(const TypeNode& writer,
                                                        const TypeNode& reader);
/// Appends the reader's form of one whole value. On an error `out` holds rubbish behind its old
/// end.
Status run_conversion(const ConversionPlan& plan, BytesView writer_bytes, Bytes* out);

}  // namespace opsledger
