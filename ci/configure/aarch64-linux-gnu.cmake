# Builds for 64-bit Arm with Debian's cross compiler, against the sysroot that ci/sysroot makes, and
# runs what was built with qemu:
#
#     cmake -B build/aarch64 --toolchain ci/configure/aarch64-linux-gnu.cmake
#
# NORMA_SYSROOT, of CMake or of the environment, names another sysroot.
#
# SPDX-License-Identifier: Apache-2.0
if(NOT NORMA_SYSROOT AND DEFINED ENV{NORMA_SYSROOT})
  set(NORMA_SYSROOT $ENV{NORMA_SYSROOT})
endif()
if(NOT NORMA_SYSROOT)
  get_filename_component(NORMA_SYSROOT ${CMAKE_CURRENT_LIST_DIR}/../../build/aarch64-sysroot ABSOLUTE)
endif()
set(NORMA_SYSROOT ${NORMA_SYSROOT} CACHE PATH "Sysroot for aarch64, as made by ci/sysroot")
if(NOT EXISTS ${NORMA_SYSROOT}/usr/include)
  message(FATAL_ERROR "No sysroot in ${NORMA_SYSROOT}: run ci/sysroot, or set NORMA_SYSROOT")
endif()
# For the projects with which CMake tries the compiler.
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES NORMA_SYSROOT)

set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_LIBRARY_ARCHITECTURE aarch64-linux-gnu)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)
set(CMAKE_SYSROOT ${NORMA_SYSROOT})
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-aarch64 -L ${NORMA_SYSROOT})

# Programs are this machine's, all else the sysroot's.
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(ENV{PKG_CONFIG_SYSROOT_DIR} ${NORMA_SYSROOT})
set(ENV{PKG_CONFIG_LIBDIR}
  ${NORMA_SYSROOT}/usr/lib/aarch64-linux-gnu/pkgconfig:${NORMA_SYSROOT}/usr/share/pkgconfig)
