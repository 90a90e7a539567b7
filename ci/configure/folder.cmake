# norma_folder(FOLDER [EXCEPT file...] LINKS library...): the static library of one folder of a room, of all C
# files in it. LINKS are the libraries of the folders that it may use: CMake refuses a circle among them
# (GLOBAL_DEPENDS_NO_CYCLES), so that these lists are the architecture. The library of bench/measure is
# norma_bench_measure.
# SPDX-License-Identifier: Apache-2.0
function(norma_folder folder)
  cmake_parse_arguments(FOLDER "" "" "EXCEPT;LINKS" ${ARGN})
  file(RELATIVE_PATH path ${PROJECT_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR}/${folder})
  string(REPLACE "/" "_" library norma_${path})
  file(GLOB sources CONFIGURE_DEPENDS ${folder}/*.c)
  foreach(file ${FOLDER_EXCEPT})
    list(REMOVE_ITEM sources ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/${file})
  endforeach()
  add_library(${library} STATIC ${sources})
  target_link_libraries(${library} PUBLIC ${FOLDER_LINKS} PRIVATE norma_flags OpenMP::OpenMP_C m)
endfunction()
