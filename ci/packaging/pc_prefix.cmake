# norma_pc_prefix(VARIABLE PREFIX UPWARDS): sets the prefix as norma.pc has it: relative to the file, so that an
# installation can be moved. pkg-config quotes the blanks of that itself but no quotation marks, at which its output
# would end in the middle; a prefix with these is written out instead, and stays where it is.
# SPDX-License-Identifier: Apache-2.0
function(norma_pc_prefix variable prefix upwards)
  set(${variable} "\${pcfiledir}/${upwards}" PARENT_SCOPE)
  if(prefix MATCHES "['\"]")
    string(REGEX REPLACE "(['\" \\])" "\\\\\\1" quoted "${prefix}")
    set(${variable} "${quoted}" PARENT_SCOPE)
  endif()
endfunction()
