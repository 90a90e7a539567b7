# Packages for Debian and Ubuntu, made by cpack -G DEB (ci/package): the library, which does not need oneDNN and
# jansson as the programs do; its headers; the programs.
# SPDX-License-Identifier: Apache-2.0
set(NORMA_MAINTAINER "The norma authors <norma@packages.invalid>" CACHE STRING "Maintainer of packages")
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME norma)
set(CPACK_PACKAGE_CONTACT ${NORMA_MAINTAINER})
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_VERBATIM_VARIABLES ON)
# Adds what only Debian requires: copyright, changelog, compressed manual pages.
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_CURRENT_LIST_DIR}/debian.cmake)

set(CPACK_COMPONENTS_ALL library development programs)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "") # each description has one, in its first line
set(about "Batch, instance, group, layer, RMS normalization and others, forward and
backward, with the same bits from AVX-512, AVX2, NEON and portable C.")
set(CPACK_DEBIAN_LIBRARY_DESCRIPTION "${PROJECT_DESCRIPTION} (library)
${about}

This package contains the shared library.")
set(CPACK_DEBIAN_DEVELOPMENT_DESCRIPTION "${PROJECT_DESCRIPTION} (headers)
${about}

This package contains what programs are built with: headers, manual pages
of the library, and how CMake and pkg-config find it.")
set(CPACK_DEBIAN_PROGRAMS_DESCRIPTION "${PROJECT_DESCRIPTION} (programs)
${about}

This package contains norma-verify, which checks kernels against a reference,
norma-bench, which measures and tunes them, and norma-plot, which draws what
was measured.")

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_NAME libnorma${NORMA_ABI})
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS_POLICY ">=")
# CPack's scripts call ldconfig, which is outdated: dpkg does it when a package has this trigger.
file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/triggers "activate-noawait ldconfig\n")
set(CPACK_DEBIAN_LIBRARY_PACKAGE_CONTROL_EXTRA ${CMAKE_CURRENT_BINARY_DIR}/triggers)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libnorma-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS
  "libnorma${NORMA_ABI} (= ${PROJECT_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE})")
set(CPACK_DEBIAN_PROGRAMS_PACKAGE_NAME norma)
set(CPACK_DEBIAN_PROGRAMS_PACKAGE_SECTION math)
set(CPACK_DEBIAN_PROGRAMS_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PROGRAMS_PACKAGE_RECOMMENDS "gnuplot-nox, fonts-dejavu-core")
include(CPack)
