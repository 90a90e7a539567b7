# Run by cpack on the files that it is about to pack: adds what Debian's policy requires of each package.
# SPDX-License-Identifier: Apache-2.0
string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC)
set(copyright "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: norma

Files: *
Copyright: 2026 The norma authors
License: Apache-2.0
 On Debian systems, the full text of the Apache License version 2.0
 can be found in /usr/share/common-licenses/Apache-2.0.
")

# Compresses a text or a page without its name and the time, so that the result is the same each time.
function(compress)
  if(ARGN)
    execute_process(COMMAND gzip -9n ${ARGN} COMMAND_ERROR_IS_FATAL ANY)
  endif()
endfunction()

foreach(component ${CPACK_COMPONENTS_ALL})
  string(TOUPPER ${component} upper)
  set(name ${CPACK_DEBIAN_${upper}_PACKAGE_NAME})
  set(root ${CPACK_TEMPORARY_DIRECTORY}/${component}${CPACK_PACKAGING_INSTALL_PREFIX})
  file(REMOVE_RECURSE ${root}/share/doc)
  set(documents ${root}/share/doc/${name})
  file(WRITE ${documents}/copyright "${copyright}")
  file(WRITE ${documents}/changelog.Debian "norma (${CPACK_PACKAGE_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE}) \
unstable; urgency=medium\n\n  * Version ${CPACK_PACKAGE_VERSION} of norma.\n\n -- ${CPACK_PACKAGE_CONTACT}  ${date}\n")
  file(GLOB pages ${root}/share/man/man*/*)
  compress(${documents}/changelog.Debian ${pages})
endforeach()
