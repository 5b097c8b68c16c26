#include "apps/weir/generate.hpp"

#include <memory>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "apps/generate/generator.hpp"
#include "stream/file/line_writer.hpp"

namespace weir::app {

namespace {

struct generate_options {
  std::string kind;
  std::uint64_t events = 0;
  std::uint64_t seed = 42;
  std::string format = "ndjson";
  std::string out = "-";
  std::string labels;
};

constexpr std::size_t chunk_bytes = 64 << 10;

void require(const std::expected<void, stream::io_error>& done) {
  if (!done) throw failure(exit_code::io, done.error().message);
}

/// A file of lines, written in large pieces.
class line_file {
 public:
  explicit line_file(const std::string& path) : writer_(open(path)) { chunk_.reserve(chunk_bytes + 512); }

  /// Where the next lines go, each with its end.
  std::string& lines() { return chunk_; }

  /// Writes what has gathered, once it is much; false when nobody reads any more.
  bool pass_on() { return chunk_.size() < chunk_bytes || write(); }

  bool finish() {
    if (!write()) return false;
    return told(writer_.close());
  }

 private:
  static stream::line_writer open(const std::string& path) {
    auto writer = stream::line_writer::open(path);
    if (!writer) throw failure(exit_code::io, writer.error().message);
    return std::move(*writer);
  }

  bool write() {
    if (chunk_.empty()) return true;
    chunk_.pop_back();  // the writer ends the last line itself
    const auto done = writer_.write(chunk_);
    chunk_.clear();
    return told(done);
  }

  // A reader that has seen enough (`weir generate … | head`) is no failure.
  bool told(const std::expected<void, stream::io_error>& done) const {
    if (!done && writer_.reader_gone()) return false;
    require(done);
    return true;
  }

  stream::line_writer writer_;
  std::string chunk_;
};

exit_code generate(const generate_options& options) {
  const auto kind = generate::find_stream_kind(options.kind).value();
  if (!options.labels.empty() && !generate::has_labels(kind)) {
    throw failure(exit_code::usage, "payments has no planted cases to label; `weir generate cards` has");
  }
  generate::generator events(
      {.kind = kind,
       .seed = options.seed,
       .format = options.format == "csv" ? generate::line_format::csv : generate::line_format::ndjson});
  line_file out(options.out);
  std::optional<line_file> labels;
  if (!options.labels.empty()) labels.emplace(options.labels).lines() += generate::label_header;
  out.lines() += events.header();
  for (std::uint64_t i = 0; i < options.events; ++i) {
    if (labels && events.mark().kind != generate::typology::none) {
      generate::append_label(labels->lines(), events.id(), events.mark());
      if (!labels->pass_on()) return exit_code::done;
    }
    events.append_line(out.lines());
    if (!out.pass_on()) return exit_code::done;
  }
  if (labels) labels->finish();
  out.finish();
  return exit_code::done;
}

}  // namespace

void add_generate(CLI::App& app, exit_code& result) {
  auto* verb = app.add_subcommand("generate", "Write a stream of events, the same for the same seed");
  auto options = std::make_shared<generate_options>();  // lives as long as the callback that CLI11 keeps
  verb->add_option("KIND", options->kind,
                   "payments: the reference workload of the benchmarks; cards, transfers, logins: ordinary behaviour "
                   "with planted cases of fraud")
      ->required()
      ->check(CLI::IsMember({"payments", "cards", "transfers", "logins"}));
  verb->add_option("--events", options->events, "How many events to write")->required();
  verb->add_option("--seed", options->seed, "Another seed, another stream")->capture_default_str();
  verb->add_option("--format", options->format, "How to write them")
      ->check(CLI::IsMember({"ndjson", "csv"}))
      ->capture_default_str();
  verb->add_option("--out", options->out, "The file to write; - is standard output")->capture_default_str();
  verb->add_option("--labels", options->labels, "Write here which events belong to planted cases, as CSV");
  verb->footer("weir generate transfers --events 100000 --seed 7 --out transfers.ndjson --labels labels.csv");
  verb->callback([options, &result] { result = generate(*options); });
}

}  // namespace weir::app
