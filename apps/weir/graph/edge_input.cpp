#include "apps/weir/graph/edge_input.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "apps/weir/exit_code.hpp"
#include "apps/weir/graph/edge_list.hpp"
#include "apps/weir/graph/edge_plan.hpp"
#include "apps/weir/set_aside_file.hpp"
#include "apps/weir/stop_signal.hpp"
#include "apps/weir/summary.hpp"
#include "stream/currency.hpp"
#include "stream/file/file_source.hpp"
#include "stream/format/scalar.hpp"
#include "stream/framer.hpp"
#include "stream/intake.hpp"

namespace weir::app {

namespace {

using graph::edge_event;

constexpr std::size_t read_bytes = 256 << 10;
constexpr std::size_t batch_rows = 4096;
constexpr std::size_t examples_max = 3;

/// Bytes of a file, of which the first can be looked at before they are read.
class peeked_file {
 public:
  explicit peeked_file(const std::string& path) : file_(open(path)) {}

  /// The file's beginning, up to the end of its first record at least, or all of it.
  std::string_view head() {
    while (!ended_ && !first_record_ends()) fill();
    return head_;
  }
  bool read(std::span<char> into, std::size_t& count) {
    if (head_.empty() && !ended_) fill();
    count = std::min(into.size(), head_.size());
    std::copy_n(head_.begin(), count, into.begin());
    head_.erase(0, count);
    return !head_.empty() || !ended_;
  }

 private:
  static stream::file_source open(const std::string& path) {
    auto opened = stream::file_source::open({.path = path});
    if (!opened) throw failure(exit_code::io, opened.error().message);
    return std::move(*opened);
  }
  bool first_record_ends() const {
    const auto first = first_record_of(head_);
    return !first.empty() && first.data() + first.size() < head_.data() + head_.size();
  }
  void fill() {
    const std::size_t before = head_.size();
    head_.resize(before + read_bytes);
    const auto got = file_.read(std::span(head_).subspan(before));
    if (!got) throw failure(exit_code::io, got.error().message);
    head_.resize(before + got->bytes);
    ended_ = got->ended;
    if (stop_requested()) throw failure(exit_code::io, "stopped before the input's end");
  }

  stream::file_source file_;
  std::string head_;
  bool ended_ = false;
};

/// One file on its way into the intake.
struct open_file {
  peeked_file bytes;
  stream::record_framer framer;
  std::optional<edge_list_rewriter> list;
};

/// Tabs and blanks part fields that know no quotes: there every line is a record.
stream::record_syntax framing_of(const edge_list_shape& shape) {
  return shape.separator == ',' ? stream::record_syntax::csv : stream::record_syntax::ndjson;
}

/// Exact numbers have so many digits behind the point.
std::int64_t scale_of(int digits) {
  std::int64_t scale = 1;
  for (; digits > 0; --digits) scale *= 10;
  return scale;
}

std::string shown(const std::string& path) { return path == "-" ? "standard input" : path; }

std::string one_or_many(std::uint64_t n, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", grouped(n), n == 1 ? one : many);
}

}  // namespace

struct edge_input::state {
  explicit state(const graph_input_options& given)
      : plan(make_edge_plan(given)),
        names(type_name(plan.from), type_name(plan.to)),
        digits(given.digits),
        aside_path(given.set_aside) {
    if (!given.as_of.empty()) as_of = moment_of("--as-of", given.as_of, plan.unit);
    open_all();
  }

  std::string type_name(stream::field_id field) const {
    const auto& type = plan.types[plan.event][field].type;
    return type.kind == stream::type_kind::entity ? plan.types.name(type.entity) : "text";
  }

  void open_all();
  void open(std::size_t i);
  void use(const edge_list_shape& shape, std::size_t i);
  bool feed();
  void take(const stream::batch& rows, std::vector<edge_event>& edges);
  bool take_row(const stream::table& rows, std::uint32_t row, std::vector<edge_event>& edges);
  std::int64_t weight_of(const stream::table& rows, std::uint32_t row);
  std::int64_t rounded_weight(std::int64_t value, int value_digits);
  void keep_aside();
  void count_sources();
  void finish();

  edge_plan plan;
  vertex_names names;
  int digits;
  std::string aside_path;
  std::optional<stream::timestamp> as_of;
  std::optional<stream::symbols> symbols;
  std::optional<stream::intake> intake;
  std::vector<open_file> files;
  std::vector<std::size_t> to_read;  // files that have not ended
  std::optional<set_aside_file> aside_file;
  std::vector<stream::set_aside_record> aside;
  std::vector<stream::set_aside_record> examples;
  edge_counts counts;
  std::uint64_t uncut_records = 0;  // too long to be one
  bool any_weight = false;
  bool past = false;  // as_of
};

// ---- Files ---------------------------------------------------------------------------------------------------------

void edge_input::state::open_all() {
  files.reserve(plan.files.size());
  for (std::size_t i = 0; i < plan.files.size(); ++i) open(i);
  symbols.emplace(plan.types);
  intake.emplace(plan.types, *symbols, plan.sources);
  for (std::size_t i = 0; i < files.size(); ++i) {
    to_read.push_back(i);
    if (!files[i].list) continue;
    if (auto header = files[i].list->header()) intake->feed(static_cast<stream::source_id>(i), std::move(*header));
  }
  if (aside_path.empty()) return;
  std::vector<source_place> places;
  for (const auto& file : plan.files) places.push_back({.name = file.path, .path = file.path});
  aside_file.emplace(aside_path, std::move(places));
}

void edge_input::state::open(std::size_t i) {
  const auto& file = plan.files[i];
  const auto id = static_cast<stream::source_id>(i);
  files.push_back({peeked_file(file.path), stream::record_framer(plan.sources[i].format.syntax, id), std::nullopt});
  if (!file.list) return;
  const auto head = files[i].bytes.head();
  if (first_record_of(head).empty()) return;  // there are no edges in it
  use(shape_of(head, *file.list, shown(file.path)), i);
}

/// Binds the columns of a list to the fields of an edge.
void edge_input::state::use(const edge_list_shape& shape, std::size_t i) {
  auto& format = plan.sources[i].format;
  const auto& used = shape.used;
  format.renamed = {{"from", shape.heading(used.from)}, {"to", shape.heading(used.to)}};
  format.renamed["weight"] = used.weight.empty() ? "(no weight)" : shape.heading(used.weight);
  format.time_field = used.at.empty() ? edge_list_rewriter::no_time : shape.heading(used.at);
  files[i].framer = stream::record_framer(framing_of(shape), static_cast<stream::source_id>(i));
  edge_list_rewriter rewriter(shape);
  if (!rewriter.keeps_blocks() || !shape.has_header) files[i].list.emplace(std::move(rewriter));
  if (shape.has_header && used.at.empty()) {
    spdlog::info("{}: no column is called as a time is: edges have none; say --at", shown(plan.files[i].path));
  }
  if (shape.has_header) return;
  spdlog::info("{}: no header; from column {} to column {}, {}, {}", shown(plan.files[i].path), used.from, used.to,
               used.at.empty() ? "without times" : "time in column " + used.at,
               used.weight.empty() ? "without weights" : "weight in column " + used.weight);
}

/// Reads on in the file that others wait for. False when all have ended.
bool edge_input::state::feed() {
  if (to_read.empty()) return false;
  const auto holding = intake->holding_back();
  const auto which = holding ? std::ranges::find(to_read, static_cast<std::size_t>(*holding)) : to_read.begin();
  const auto at = which == to_read.end() ? to_read.begin() : which;
  const std::size_t i = *at;
  const auto id = static_cast<stream::source_id>(i);
  auto& file = files[i];
  const auto pass = [&](std::optional<stream::block> block) {
    if (!block) return;
    const bool as_it_is = !file.list || file.list->keeps_blocks();
    intake->feed(id, as_it_is ? std::move(*block) : file.list->rewrite(*block));
  };
  std::size_t count = 0;
  const bool more = file.bytes.read(file.framer.room(read_bytes), count);
  const std::size_t uncut = aside.size();
  if (count > 0) pass(file.framer.take(count, aside));
  uncut_records += aside.size() - uncut;
  if (more) return true;
  pass(file.framer.finish());
  intake->end(id);
  to_read.erase(at);
  return true;
}

// ---- Rows ----------------------------------------------------------------------------------------------------------

void edge_input::state::take(const stream::batch& rows, std::vector<edge_event>& edges) {
  for (const auto row : rows.order()) {
    if (row.type != plan.event) continue;
    if (as_of && rows.at(row) > *as_of) {
      past = true;
      return;
    }
    if (!take_row(rows[row.type], row.row, edges)) ++counts.without_ends;
  }
}

bool edge_input::state::take_row(const stream::table& rows, std::uint32_t row, std::vector<edge_event>& edges) {
  const auto& event = plan.types[plan.event];
  if (!rows[plan.from].present(row) || !rows[plan.to].present(row)) return false;
  const auto vertex = [&](edge_end end, stream::field_id field) {
    const auto id = rows[field].id(row);
    return names.of(end, id, symbols->of(event[field].type)[id]);
  };
  edges.push_back({.from = vertex(edge_end::from, plan.from),
                   .to = vertex(edge_end::to, plan.to),
                   .at = graph::time_us{rows.at(row).time_since_epoch().count()},
                   .weight = weight_of(rows, row)});
  ++counts.edges;
  return true;
}

std::int64_t edge_input::state::weight_of(const stream::table& rows, std::uint32_t row) {
  if (!plan.weight) return 0;
  const auto& column = rows[*plan.weight];
  if (!column.present(row)) {
    ++counts.without_weight;
    return 0;
  }
  any_weight = true;
  const auto& type = plan.types[plan.event][*plan.weight].type;
  if (type.kind != stream::type_kind::floating) return rounded_weight(column.number(row), stream::exact_digits(type));
  const double scaled = column.real(row) * static_cast<double>(scale_of(digits));
  if (std::abs(scaled) >= 9e18) return scaled < 0 ? INT64_MIN : INT64_MAX;
  if (scaled != std::nearbyint(scaled)) ++counts.rounded;
  return std::llround(scaled);
}

/// To `digits`; halves away from zero.
std::int64_t edge_input::state::rounded_weight(std::int64_t value, int value_digits) {
  std::int64_t wide = 0;
  if (value_digits <= digits) {
    if (!__builtin_mul_overflow(value, scale_of(digits - value_digits), &wide)) return wide;
    ++counts.rounded;
    return value < 0 ? INT64_MIN : INT64_MAX;
  }
  const std::int64_t by = scale_of(value_digits - digits);
  const std::int64_t rest = value % by;
  if (rest == 0) return value / by;
  ++counts.rounded;
  const std::int64_t away = value < 0 ? -1 : 1;
  return value / by + (std::abs(rest) * 2 >= by ? away : 0);
}

void edge_input::state::keep_aside() {
  if (aside_file) {
    if (auto written = aside_file->write(aside); !written) throw failure(exit_code::io, written.error().message);
  }
  for (auto& record : aside) {
    if (examples.size() < examples_max) examples.push_back(std::move(record));
  }
  aside.clear();
}

void edge_input::state::count_sources() {
  counts.bad = uncut_records;
  counts.late = 0;
  for (std::size_t i = 0; i < files.size(); ++i) {
    const auto& counted = intake->counters(static_cast<stream::source_id>(i));
    counts.bad += counted.bad;
    counts.late += counted.late;
  }
}

void edge_input::state::finish() {
  keep_aside();
  count_sources();
  if (aside_file) {
    if (auto closed = aside_file->close(); !closed) throw failure(exit_code::io, closed.error().message);
  }
}

// ---- The input -----------------------------------------------------------------------------------------------------

edge_input::edge_input(const graph_input_options& options) : state_(std::make_unique<state>(options)) {}
edge_input::~edge_input() = default;

bool edge_input::next(std::vector<edge_event>& edges) {
  auto& s = *state_;
  edges.clear();
  while (edges.empty()) {
    auto rows = s.past ? std::nullopt : s.intake->next(batch_rows, s.aside);
    s.keep_aside();
    if (s.intake->failure()) throw failure(exit_code::io, s.intake->failure()->message);
    if (rows) {
      s.take(*rows, edges);
    } else if (s.past || !s.feed()) {
      break;
    }
  }
  if (!edges.empty()) return true;
  s.finish();
  if (s.counts.edges > 0 || s.past) return false;
  const auto& first = s.examples;
  if (first.empty()) return false;
  throw failure(exit_code::io, fmt::format("no record is an edge; {}, line {}: {}",
                                           shown(s.plan.files[static_cast<std::size_t>(first[0].source)].path),
                                           first[0].line, first[0].reason));
}

const vertex_names& edge_input::names() const { return state_->names; }
std::optional<stream::duration> edge_input::keep() const { return state_->plan.keep; }
std::optional<stream::timestamp> edge_input::as_of() const { return state_->as_of; }
int edge_input::digits() const { return state_->digits; }
bool edge_input::has_weights() const { return state_->any_weight; }

const edge_counts& edge_input::counts() const { return state_->counts; }

void edge_input::report() const {
  const auto& s = *state_;
  const auto& counts = s.counts;
  if (const auto aside = counts.bad + counts.late; aside > 0) {
    fmt::print(stderr, "{} set aside ({} bad, {} late){}\n", one_or_many(aside, "record", "records"), counts.bad,
               counts.late, s.aside_path.empty() ? "" : ", in " + s.aside_path);
  }
  for (const auto& record : s.examples) {
    fmt::print(stderr, "  {}, line {}: {}\n", shown(s.plan.files[static_cast<std::size_t>(record.source)].path),
               record.line, record.reason);
  }
  if (counts.without_ends > 0) {
    fmt::print(stderr, "{} an end: no edge\n", one_or_many(counts.without_ends, "event lacks", "events lack"));
  }
  if (s.any_weight && counts.without_weight > 0) {
    fmt::print(stderr, "{} no weight: taken as 0\n", one_or_many(counts.without_weight, "edge has", "edges have"));
  }
  if (counts.rounded > 0) {
    fmt::print(stderr, "{} rounded to {} digits: see --digits\n",
               one_or_many(counts.rounded, "weight was", "weights were"), s.digits);
  }
}

}  // namespace weir::app
