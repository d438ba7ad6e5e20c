// Separation of duties: who did one step of a thing may not do the other.
#pragma once

#include "kernel/command/job.hpp"
#include "storage/api/ledger.hpp"

namespace opsledger {

/// Checks the command's declared rules (`CommandInfo::separation`) against the things that
/// `decision` writes about: their tags, or, where it writes none of that kind, the tags loaded. Who
/// acted counts as well as on whose behalf. Reads the ledger up to the job's position, and adds
/// what it read to the job's guard, so that the other step cannot slip in between.
///
/// Where the grant may override it and a reason was given, it passes and the events are marked
/// (`sod_override` in their metadata). Errors: kForbidden `access.separation_of_duties`; kInvalid
/// `command.too_broad`; the ledger's.
Status separate_duties(const Ledger& ledger, Job& job, const Decision& decision);

}  // namespace opsledger
