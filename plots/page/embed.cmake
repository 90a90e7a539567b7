# norma_embed(OUTPUT SYMBOL=FILE...): makes a header with the bytes of each file as `SYMBOL` and their
# number as `SYMBOL_size`. They are no string literals, as C11 guarantees those up to 4095 characters alone.
#
# SPDX-License-Identifier: Apache-2.0
function(norma_embed output)
  set(text "/* Generated from the files named below. */\n#include <stddef.h>\n")
  foreach(pair IN LISTS ARGN)
    string(REGEX MATCH "^([^=]+)=(.+)$" matched ${pair})
    set(symbol ${CMAKE_MATCH_1})
    set(file ${CMAKE_CURRENT_SOURCE_DIR}/${CMAKE_MATCH_2})
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    file(READ ${file} bytes HEX)
    string(REGEX REPLACE "(..)" "0x\\1," bytes ${bytes})
    string(APPEND text "/* ${CMAKE_MATCH_2} */\nstatic const unsigned char ${symbol}[] = {${bytes}};\n"
                       "static const size_t ${symbol}_size = sizeof ${symbol};\n")
  endforeach()
  file(CONFIGURE OUTPUT ${output} CONTENT "${text}" @ONLY)
endfunction()
