// A module of timers: alarms that are set, ring, and may be stopped.
//   alarm.set{id, after_us, working, times}  sets the timer `ring` of the alarm
//   alarm.stop{id}                           cancels it
//   alarm.ring{id, left}                     internal; refuses a stopped alarm; sets itself again
//                                            while `left` is more than 0
#pragma once

#include <opsledger/sdk.hpp>

namespace opsledger::testing_support {
OPS_DECLARE_PART(alarm_part);
}
