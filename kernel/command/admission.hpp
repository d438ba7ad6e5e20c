// First phase: is this a command at all? No state is read.
#pragma once

#include "kernel/command/job.hpp"

namespace opsledger {

/// Fills command and data (JSON -> bytes by schema), checks the headers, the reason and, when there
/// is an idempotency key, digests the request. Errors as CommandService::execute.
Status admit(const Registry& registry, Job& job);

/// The series a number is wanted from and the tag sets of the first load: both rest on the command
/// alone, so that their turns can be taken at once. Needs `job.envelope`.
Status plan_first_turns(Job& job);

/// Tag sets of load number `load`, sorted, in the module's order. Errors: what the module says;
/// kInvalid `command.invalid` for a tag that cannot be one; kInternal for more than 64 sets.
Result<std::vector<TagSet>> tag_sets(Job& job, std::uint32_t load);

/// Adds the turn keys of `tags` to `keys`.
void add_turn_keys(const TagSet& tags, std::vector<Turns::Key>* keys);

}  // namespace opsledger
