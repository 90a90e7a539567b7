# norma_find_optional(PACKAGE TARGET HEADER LANGUAGE): does what find_package(PACKAGE CONFIG QUIET) does, except that a
# package with which no program can be built counts as not found. PACKAGE_PROBLEM then says why; it is empty for a
# package that is not there at all.
#
# A package's own configuration may end CMake with an error that cannot be caught (Debian 12's oneDNN does where OpenCL
# is missing), may name libraries that are gone, or may belong to another architecture. A project of its own therefore
# tries it first, which includes HEADER and links TARGET. A package that worked is not tried again in the same build
# folder, as that would take a second; remove the folder if the package was broken since.
# SPDX-License-Identifier: Apache-2.0

# Sets NORMA_USABLE_<package>, and <package>_PROBLEM to the first error if there is one.
function(norma_try_package package target header language)
  set(NORMA_TRY_PACKAGE ${package})
  set(NORMA_TRY_TARGET ${target})
  set(NORMA_TRY_HEADER ${header})
  set(NORMA_TRY_LANGUAGE ${language})
  set(folder ${CMAKE_BINARY_DIR}/optional/${package})
  file(REMOVE_RECURSE ${folder})
  configure_file(${CMAKE_SOURCE_DIR}/ci/configure/optional/CMakeLists.txt.in ${folder}/CMakeLists.txt @ONLY)
  set(arguments)
  foreach(name CMAKE_MAKE_PROGRAM CMAKE_TOOLCHAIN_FILE CMAKE_PREFIX_PATH CMAKE_FIND_ROOT_PATH CMAKE_SYSROOT
      CMAKE_${language}_FLAGS CMAKE_EXE_LINKER_FLAGS ${package}_DIR ${package}_ROOT
      ${CMAKE_TRY_COMPILE_PLATFORM_VARIABLES})
    if(DEFINED ${name})
      string(REPLACE ";" "\\;" value "${${name}}")
      list(APPEND arguments "-D${name}=${value}")
    endif()
  endforeach()
  if(NOT CMAKE_TOOLCHAIN_FILE)
    list(APPEND arguments -DCMAKE_${language}_COMPILER=${CMAKE_${language}_COMPILER})
  endif()
  execute_process(COMMAND ${CMAKE_COMMAND} -S ${folder} -B ${folder} -G ${CMAKE_GENERATOR} ${arguments}
    RESULT_VARIABLE failed OUTPUT_FILE ${folder}/log ERROR_FILE ${folder}/log)
  if(NOT failed AND NOT EXISTS ${folder}/absent)
    execute_process(COMMAND ${CMAKE_COMMAND} --build ${folder}
      RESULT_VARIABLE failed OUTPUT_FILE ${folder}/log ERROR_FILE ${folder}/log)
  endif()
  set(problem)
  if(failed)
    file(STRINGS ${folder}/log problem REGEX "Could NOT find|[Ee]rror:|cannot find|missing" LIMIT_COUNT 1)
    string(STRIP "${problem}" problem)
    if(NOT problem)
      set(problem "see ${folder}/log")
    endif()
  elseif(NOT EXISTS ${folder}/absent)
    set(NORMA_USABLE_${package} TRUE CACHE INTERNAL "A program can be built with ${package}")
  endif()
  set(${package}_PROBLEM "${problem}" PARENT_SCOPE)
endfunction()

macro(norma_find_optional package target header language)
  set(${package}_PROBLEM)
  if(NOT NORMA_USABLE_${package} AND NOT CMAKE_DISABLE_FIND_PACKAGE_${package})
    norma_try_package(${package} ${target} ${header} ${language})
  endif()
  if(NORMA_USABLE_${package})
    find_package(${package} CONFIG QUIET)
  endif()
endmacro()

# Prints that something was not found or why it cannot be used, what the build lacks then, and the packages to install.
function(norma_say_left_out what problem without packages)
  if(problem)
    set(reason "cannot be used (${problem})")
  else()
    set(reason "not found")
  endif()
  message(STATUS "norma: ${what} ${reason}; ${without} (Debian, Ubuntu: ${packages})")
endfunction()
