// Last phase: a decision becomes a proposal.
#pragma once

#include "kernel/command/job.hpp"

namespace opsledger {

/// Events with everything the kernel adds, under the condition that nothing was appended to what
/// was folded. Pure. Fills job.types, warnings, own and own_tags. Errors: kInternal
/// `plugin.invalid_event`, kInvalid `command.invalid` (an emitted tag that cannot be one), kInvalid
/// `command.too_broad`.
Result<Proposal> make_proposal(Job& job, Decision decision);

/// The number that the job's series hands out next; empty without a series.
std::string next_number(const Job& job);

/// Warnings as they are kept in the first event's metadata (`warnings`), and back.
std::string warnings_to_text(const std::vector<Warning>& warnings);
std::vector<Warning> warnings_from_text(std::string_view text);

}  // namespace opsledger
