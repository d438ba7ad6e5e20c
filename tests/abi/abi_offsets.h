/* Prints what tests/abi/abi-1.golden freezes. */
#ifndef TESTS_ABI_ABI_OFFSETS_H_
#define TESTS_ABI_ABI_OFFSETS_H_

#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

void ops_print_abi_offsets(FILE* out);

#ifdef __cplusplus
}
#endif

#endif /* TESTS_ABI_ABI_OFFSETS_H_ */
