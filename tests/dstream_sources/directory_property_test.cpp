#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "inbox.hpp"
#include "naive_records.hpp"
#include "stream/file/directory_source.hpp"

using namespace weir::stream;
using namespace weir::testing;

namespace {

constexpr std::size_t line_bytes_max = 4;

/// The lines of files that wait, by time and name; the one that has begun goes first.
struct naive_directory {
  std::map<std::pair<int, std::string>, std::vector<std::string>> waiting;
  std::vector<std::string> begun;

  std::vector<std::string> poll(std::size_t rows_max) {
    std::vector<std::string> rows;
    while (rows.size() < rows_max && !(begun.empty() && waiting.empty())) {
      if (begun.empty()) {
        begun = waiting.extract(waiting.begin()).mapped();
        continue;
      }
      rows.push_back(begun.front());
      begun.erase(begun.begin());
    }
    return rows;
  }
};

/// A source whose process is started again and again, beside its twin.
class restarted_source {
 public:
  restarted_source() : source_(open()) {}

  void move_in() {
    const auto name = *rc::gen::element<std::string>("a", "b", "c", "d", "e");
    const int written = *rc::gen::inRange(1, 30);
    const auto text = *rc::gen::container<std::string>(rc::gen::element('x', 'x', 'y', '\n', '\n', '\r'));
    const bool still_wanted = unread(name) || in_log(name);
    if (still_wanted || !came_.emplace(name, written).second) return;
    in_.put(name, text, written);
    twin_.waiting[{written, name}] = naive_lines(text, line_bytes_max).rows;
  }

  void poll(std::size_t rows_max) {
    const auto polled = source_.poll(rows_max);
    RC_ASSERT(polled.has_value());
    RC_ASSERT(texts_of(*polled) == twin_.poll(rows_max));
    if (!polled->range.empty()) log_.emplace_back(polled->range, texts_of(*polled));
  }

  void save() {
    saved_ = source_.save();
    log_.clear();
  }

  void restart() {
    source_ = open();
    RC_ASSERT(source_.restore(saved_).has_value());
    for (const auto& [range, rows] : log_) {
      const bool again = *rc::gen::arbitrary<bool>();
      if (again) RC_ASSERT(texts_of(source_.replay(range)) == rows);
      if (!again) RC_ASSERT(source_.skip(range).has_value());
    }
  }

  void remove() {
    const auto name = *rc::gen::element<std::string>("a", "b", "c", "d", "e");
    if (!unread(name) && !in_log(name)) in_.remove(name);
  }

  bool at_rest() const { return twin_.waiting.empty() && twin_.begun.empty(); }

 private:
  directory_source open() const {
    return directory_source::open({.path = in_.path(), .line_bytes_max = line_bytes_max}).value();
  }
  /// The file is not at its end, in the twin or, for lines that are no rows, in the source.
  bool unread(const std::string& name) const {
    for (const auto& [key, lines] : twin_.waiting) {
      if (key.second == name) return true;
    }
    const auto parts = read_file_parts(source_.save());
    return !parts->empty() && parts->back().name == name && !parts->back().ends_file();
  }
  bool in_log(const std::string& name) const {
    for (const auto& [range, rows] : log_) {
      if (range.find(':' + name + '\n') != std::string::npos) return true;
    }
    return false;
  }

  inbox in_;
  naive_directory twin_;
  std::set<std::pair<std::string, int>> came_;
  directory_source source_;
  std::string saved_;
  std::vector<std::pair<std::string, std::vector<std::string>>> log_;  // since it was saved
};

}  // namespace

TEST_CASE("files that come at random give each line once and in order, whatever is restarted, replayed or skipped") {
  const bool holds = rc::check([] {
    restarted_source source;
    const auto steps = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 10));
    for (const int step : steps) {
      if (step < 4) source.move_in();
      if (step >= 4 && step < 7) source.poll(*rc::gen::inRange<std::size_t>(0, 7));
      if (step == 7) source.save();
      if (step == 8) source.restart();
      if (step == 9) source.remove();
    }
    for (int i = 0; i < 3 || !source.at_rest(); ++i) source.poll(5);
  });
  CHECK(holds);
}
