#include "apps/weir/graph/named_graph.hpp"

#include <limits>
#include <map>
#include <vector>

#include <fmt/format.h>

#include "apps/weir/exit_code.hpp"
#include "apps/weir/summary.hpp"
#include "stream/file/line_writer.hpp"

namespace weir::app {

namespace {

std::string with_point(std::string digits, std::int64_t weight, int behind, bool groups) {
  if (digits.size() <= static_cast<std::size_t>(behind)) digits.insert(0, behind + 1 - digits.size(), '0');
  const auto point = digits.size() - static_cast<std::size_t>(behind);
  auto whole = digits.substr(0, point);
  if (groups) whole = grouped(std::stoull(whole));
  return fmt::format("{}{}{}{}", weight < 0 ? "-" : "", whole, behind > 0 ? "." : "", digits.substr(point));
}

std::string digits_of(std::int64_t weight) {
  const auto bits = static_cast<std::uint64_t>(weight);
  return std::to_string(weight < 0 ? std::uint64_t{0} - bits : bits);
}

}  // namespace

named_graph read_graph(const graph_input_options& options) {
  edge_input input(options);
  const auto keep = input.keep();
  graph::store edges({.keep_us = keep ? keep->count() : std::numeric_limits<std::int64_t>::max()});
  std::vector<graph::edge_event> batch;
  while (input.next(batch)) edges.apply(batch, batch.back().at);
  if (input.as_of()) edges.apply({}, graph::time_us{input.as_of()->time_since_epoch().count()});
  input.report();
  return {.edges = std::move(edges),
          .names = input.names(),
          .digits = input.digits(),
          .has_weights = input.has_weights(),
          .read = input.counts()};
}

std::string weight_text(std::int64_t weight, int digits) {
  return with_point(digits_of(weight), weight, digits, false);
}

std::string grouped_weight(std::int64_t weight, int digits) {
  return with_point(digits_of(weight), weight, digits, true);
}

std::string time_text(graph::time_us at) {
  return stream::to_rfc3339(stream::timestamp{stream::duration{static_cast<std::int64_t>(at)}});
}

std::string csv_text(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted.append(c == '"' ? 2 : 1, c);
  return quoted + '"';
}

void add_answer_format(CLI::App& verb, answer_format& format, bool with_csv) {
  std::map<std::string, answer_format> names{{"text", answer_format::text}, {"json", answer_format::json}};
  if (with_csv) names.emplace("csv", answer_format::csv);
  verb.add_option("--format", format, with_csv ? "text for people, json or csv for programs" : "text or json")
      ->transform(CLI::CheckedTransformer(names))
      ->option_text(with_csv ? "text|json|csv" : "text|json");
}

void print_answer(const std::string& text) {
  auto out = stream::line_writer::open("-");
  if (!out) throw failure(exit_code::io, out.error().message);
  std::string_view line(text);
  if (line.ends_with('\n')) line.remove_suffix(1);
  auto written = out->write(line);
  if (written) written = out->close();
  if (!written && !out->reader_gone()) throw failure(exit_code::io, written.error().message);
}

}  // namespace weir::app
