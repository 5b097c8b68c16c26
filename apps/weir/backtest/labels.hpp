#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

namespace weir::backtest {

/// A file of labels, csv or ndjson by its name, perhaps packed with gzip. Its ids are those of events of one type, or,
/// where `event` is empty, of any.
struct label_file {
  std::string event;
  std::string path;
};

enum class case_id : std::uint32_t {};

/// What rules are to find: all labels of a file with one case number and kind; a label without a number is a case of
/// its own.
struct labelled_case {
  std::string kind;       // what it is a case of: the name of the rule that looks for it; may be empty
  bool in_input = false;  // a label names a subject, or an event that took part
};

/// What is known about the events of a backtest. Built once, then asked for every alert.
class labels {
 public:
  /// One label a record, in the columns `id` (of an event) or `subject` or both, and perhaps `case`, `kind` (or `rule`,
  /// or `typology`) and `fraud` (a record with 0, false, no or nothing there is no label). Others are passed over. The
  /// error names file and line.
  static std::expected<labels, std::string> read(const std::vector<label_file>& files);

  /// Appends the cases that the event or the subject is labelled with.
  void of_event(std::string_view type, std::string_view id, std::vector<case_id>& into) const;
  void of_subject(std::string_view subject, std::vector<case_id>& into) const;

  /// The event took part: its cases are there to be found.
  void note_event(std::string_view type, std::string_view id);

  const std::vector<labelled_case>& cases() const { return cases_; }
  const labelled_case& operator[](case_id id) const { return cases_[static_cast<std::size_t>(id)]; }
  /// How many different ids and subjects are labelled.
  std::size_t events() const { return by_event_.size(); }
  std::size_t subjects() const { return by_subject_.size(); }

 private:
  // Labels of one event, or of one subject, hang together by their places in `entries_`.
  struct entry {
    case_id belongs{};
    std::uint32_t type = any_type;  // in types_
    std::uint32_t next = none;
  };
  static constexpr std::uint32_t any_type = 0;
  static constexpr std::uint32_t none = ~std::uint32_t{0};
  struct text_hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return boost::hash<std::string_view>{}(text); }
  };
  using by_text = boost::unordered_flat_map<std::string, std::uint32_t, text_hash, std::equal_to<>>;

  struct row;
  friend class label_reader;
  void add(const row& r, std::uint32_t type, std::size_t file);
  void enter(by_text& into, const std::string& key, entry made);
  case_id case_of(const row& r, std::size_t file);
  bool speaks_of(const entry& e, std::string_view type) const;

  std::vector<labelled_case> cases_;
  std::vector<entry> entries_;
  std::vector<std::string> types_{""};
  by_text by_event_;
  by_text by_subject_;
  by_text case_ids_;
};

}  // namespace weir::backtest
