# Installs the libraries with a CMake package, so that another project can say find_package(weir), and the command.
include(CMakePackageConfigHelpers)

set(WEIR_CMAKE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/weir)

install(TARGETS weir_stream weir_stream_file weir_stream_tcp weir_stream_zmq weir_dstream weir_cep weir_rules
                weir_rules_dstream weir_graph weir_graph_dstream
        EXPORT weir-targets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT weir-targets NAMESPACE weir:: DESTINATION ${WEIR_CMAKE_DIR})
install(TARGETS weir RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY stream cep rules graph DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/weir
        FILES_MATCHING PATTERN "*.hpp"
        PATTERN rules/syntax EXCLUDE PATTERN rules/format EXCLUDE PATTERN rules/check EXCLUDE PATTERN rules/packs EXCLUDE
        PATTERN rules/sigma EXCLUDE)
install(DIRECTORY rules/packs DESTINATION ${CMAKE_INSTALL_DATADIR}/weir FILES_MATCHING PATTERN "*.weir")

configure_package_config_file(cmake/weir-config.cmake.in ${PROJECT_BINARY_DIR}/weir-config.cmake
                              INSTALL_DESTINATION ${WEIR_CMAKE_DIR})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/weir-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/weir-config.cmake ${PROJECT_BINARY_DIR}/weir-config-version.cmake
        DESTINATION ${WEIR_CMAKE_DIR})
