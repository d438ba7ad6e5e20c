# cmake -DCOMPILER=… -DINCLUDES=a;b -DSOURCE=… -DCASE=n -DEXPECTED=words -P expect_error.cmake
list(TRANSFORM INCLUDES PREPEND -I)
execute_process(COMMAND ${COMPILER} -std=c++20 -fsyntax-only ${INCLUDES} -DCASE=${CASE} ${SOURCE}
  RESULT_VARIABLE code ERROR_VARIABLE words)
if(EXPECTED STREQUAL "")
  if(code)
    message(FATAL_ERROR "case ${CASE} should compile:\n${words}")
  endif()
elseif(NOT code)
  message(FATAL_ERROR "case ${CASE} compiled; it should be refused: ${EXPECTED}")
elseif(NOT words MATCHES "${EXPECTED}")
  message(FATAL_ERROR "case ${CASE} was refused without saying '${EXPECTED}':\n${words}")
endif()
