#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include <string>
#include <vector>

#include "naive_records.hpp"
#include "stream/tcp/record_cutter.hpp"
#include "tests/support/collecting_store.hpp"

using namespace weir::stream;
using namespace weir::testing;

namespace {

constexpr std::size_t bytes_max = 5;

/// What a connection gives whose bytes arrive in pieces of these sizes, each put or not before the next one comes.
template <class Framing>
naive_records cut_from(std::string_view bytes, const std::vector<int>& sizes, bool put_each) {
  collecting_store<std::string_view> store;
  tcp::record_cutter<Framing> cutter(bytes_max);
  tcp::gathered_records gathered;
  bool followed = true;
  const auto take = [&](std::size_t size) {
    const std::string piece{bytes.substr(0, size)};  // a buffer that is gone after the call
    followed = followed && cutter.take(piece, gathered);
    bytes.remove_prefix(piece.size());
    if (put_each) gathered.put_into(store);
  };
  for (const int size : sizes) take(static_cast<std::size_t>(size));
  take(bytes.size());
  if (followed) cutter.finish(true, gathered);
  gathered.put_into(store);
  naive_records found{.rows = store.rows()};
  for (const auto& [reason, count] : store.aside()) found.too_long += count;
  return found;
}

}  // namespace

TEST_CASE("any cut of the bytes into reads gives the lines of a plain split") {
  const bool holds = rc::check([] {
    const auto text = *rc::gen::container<std::string>(rc::gen::element('a', 'b', '\n', '\r'));
    const auto sizes = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 8));
    const auto found = cut_from<tcp::text_lines>(text, sizes, *rc::gen::arbitrary<bool>());
    const auto expected = naive_lines(text, bytes_max);
    RC_ASSERT(found.rows == expected.rows);
    RC_ASSERT(found.too_long == expected.too_long);
  });
  CHECK(holds);
}

TEST_CASE("any cut of the bytes into reads gives the frames that were sent, up to the first too long one") {
  const bool holds = rc::check([] {
    const auto frames = *rc::gen::container<std::vector<std::string>>(
        rc::gen::resize(6, rc::gen::container<std::string>(rc::gen::element('a', '\n', '\0'))));
    std::string bytes;
    naive_records expected;
    for (const auto& frame : frames) {
      bytes += framed(frame);
      if (expected.too_long == 0 && frame.size() > bytes_max) expected.too_long = 1;
      if (expected.too_long == 0) expected.rows.push_back(frame);
    }
    const auto sizes = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 8));
    const auto found = cut_from<tcp::length_prefixed>(bytes, sizes, *rc::gen::arbitrary<bool>());
    RC_ASSERT(found.rows == expected.rows);
    RC_ASSERT(found.too_long == expected.too_long);
  });
  CHECK(holds);
}
