# weir_target(NAME): what every target of ours has in common.
function(weir_target name)
  target_compile_features(${name} PRIVATE cxx_std_23)
  # g++ 12 warns of overlapping copies inside std::string's operator+ that are not there (GCC bug 105651).
  target_compile_options(${name} PRIVATE $<$<AND:$<CONFIG:Release>,$<CXX_COMPILER_ID:GNU>>:-Wno-restrict>
                                         -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor
                                         $<$<BOOL:${WEIR_ARCH}>:-march=${WEIR_ARCH}> $<$<BOOL:${WEIR_WERROR}>:-Werror>)
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
endfunction()

# weir_library(NAME SOURCES …): a module, known to others as weir::NAME.
function(weir_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;PUBLIC;PRIVATE")
  add_library(weir_${name} STATIC ${arg_SOURCES})
  add_library(weir::${name} ALIAS weir_${name})
  set_target_properties(weir_${name} PROPERTIES EXPORT_NAME ${name} POSITION_INDEPENDENT_CODE ON)
  target_link_libraries(weir_${name} PUBLIC ${arg_PUBLIC} PRIVATE ${arg_PRIVATE})
  target_include_directories(weir_${name} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>
                                                 $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/weir>)
  weir_target(weir_${name})
endfunction()
