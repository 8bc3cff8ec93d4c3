# find_package(simcom) gives the target simcom::simcom.
#
# SIMCOM_TRIPLE says which library: x86_64-unknown-linux-gnu, thumbv6m-none-eabi, thumbv7m-none-eabi, thumbv7em-none-eabi,
# thumbv7em-none-eabihf, riscv32imc-unknown-none-elf. On a Linux host it need not be set.
get_filename_component(_simcom_prefix "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)

if(NOT DEFINED SIMCOM_TRIPLE)
  if(CMAKE_SYSTEM_NAME STREQUAL "Linux" AND CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
    set(SIMCOM_TRIPLE "x86_64-unknown-linux-gnu")
  else()
    set(simcom_FOUND FALSE)
    set(simcom_NOT_FOUND_MESSAGE "set SIMCOM_TRIPLE to the target of the library")
    return()
  endif()
endif()

set(_simcom_library "${_simcom_prefix}/lib/${SIMCOM_TRIPLE}/libsimcom.a")
if(NOT EXISTS "${_simcom_library}")
  set(simcom_FOUND FALSE)
  set(simcom_NOT_FOUND_MESSAGE "there is no ${_simcom_library}")
  return()
endif()

if(NOT TARGET simcom::simcom)
  add_library(simcom::simcom STATIC IMPORTED)
  set_target_properties(simcom::simcom PROPERTIES
    IMPORTED_LOCATION "${_simcom_library}"
    INTERFACE_INCLUDE_DIRECTORIES "${_simcom_prefix}/include")
  if(SIMCOM_TRIPLE MATCHES "linux")
    set_target_properties(simcom::simcom PROPERTIES
      INTERFACE_COMPILE_DEFINITIONS "SIMCOM_HOST=1"
      INTERFACE_LINK_LIBRARIES "pthread;dl;m")
  endif()
endif()

unset(_simcom_prefix)
unset(_simcom_library)
