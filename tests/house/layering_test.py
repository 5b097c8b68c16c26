"""The layering test's own test: it finds each kind of fault, and none where there is none."""

from layering import faults_of


def count(path, include):
    return len(list(faults_of(path, f"#pragma once\n#include {include}\n")))


assert count("cep/engine.cpp", '"stream/batch.hpp"') == 0
assert count("stream/batch.cpp", '"cep/engine.hpp"') == 1
assert count("stream/intake.cpp", '"stream/file/file_source.hpp"') == 1
assert count("stream/file/file_source.cpp", '"stream/source.hpp"') == 0
assert count("graph/concepts.hpp", '"stream/time.hpp"') == 1
assert count("rules/compile.hpp", "<boost/spirit/home/x3.hpp>") == 1
assert count("rules/syntax/parse.cpp", "<boost/spirit/home/x3.hpp>") == 0
assert count("cep/engine.hpp", "<zmq.hpp>") == 1
assert count("cep/engine.cpp", "<spdlog/spdlog.h>") == 1
assert count("apps/weir/main.cpp", "<CLI/CLI.hpp>") == 0
print("ok")
