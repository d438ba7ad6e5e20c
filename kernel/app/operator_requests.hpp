// What the operator of the host may ask about accounts and tokens: through the control socket of a
// running server, or in the data directory itself.
#pragma once

#include <string>
#include <string_view>

#include "kernel/identity/identities.hpp"

namespace opsledger {

/// Actor of what the operator does on the host. No account can have this id.
inline constexpr const char* kOperatorActor = "operator";

/// `{"do":"user.create","account","kind"?,"login"?,"password"?}`, and likewise `user.list`,
/// `user.disable|enable|unlock {account}`, `user.reset-password {account,password}` (ends its
/// sessions, too), `token.create {account,label?,scopes?,days?}`, `token.list {account?}`,
/// `token.revoke {token}`. Answers JSON text as HTTP does. Who may, is who may open the data
/// directory. Errors: kInvalid `control.request`; those of Identities. May hash, may append.
Result<std::string> operate(Identities& identities, const Clock& clock, std::string_view request);

}  // namespace opsledger
