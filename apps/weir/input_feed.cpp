#include "apps/weir/input_feed.hpp"

#include <algorithm>
#include <deque>
#include <utility>

#include "apps/weir/exit_code.hpp"
#include "apps/weir/stop_signal.hpp"
#include "stream/file/file_source.hpp"
#include "stream/source_reader.hpp"

namespace weir::app {

namespace {

using clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds patience{50};  // of one wait, so that the loop can look after other things
constexpr std::size_t share_bytes_max = 4 << 20;   // of a source, read and not yet decoded
constexpr std::size_t record_bytes_likely = 64;    // a batch is taken to be there when its rows of this size are

/// The reader's hold on a file that the feed owns, so that both can ask it how far it is.
struct borrowed_file {
  stream::file_source* file;
  std::expected<stream::read_result, stream::io_error> read(std::span<char> into) { return file->read(into); }
};

/// One source as the feed sees it.
struct fed_source {
  stream::file_source file;
  std::optional<stream::duration> idle;
  clock::time_point heard = clock::now();
  bool is_idle = false;
  bool ended = false;
  std::uint64_t uncut = 0;
};

stream::source_id id_of(std::size_t place) { return static_cast<stream::source_id>(place); }

}  // namespace

struct input_feed::state {
  std::vector<stream::intake*> into;
  limits chosen;
  std::deque<fed_source> sources;  // a deque: the readers hold on to their places
  stream::arrival_queue queue;
  std::optional<stream::io_error> error;
  bool stopped = false;
  std::deque<stream::source_reader> readers;  // last: they end before what they use goes

  state(std::size_t count, std::vector<stream::intake*> fed, limits given)
      : into(std::move(fed)), chosen(given), queue(count, share_bytes_max) {}

  void open(const source_config& config);
  void begin();
  bool over() const { return stopped || std::ranges::all_of(sources, &fed_source::ended); }
  bool take(std::chrono::microseconds at_most, std::vector<stream::set_aside_record>& aside);
  void feed(stream::source_id source, stream::block bytes);
  void end(stream::source_id source);
  void notice_idle();
  void gather(std::vector<stream::set_aside_record>& aside);
  void stop(std::vector<stream::set_aside_record>& aside);
  bool must_stop() const;
  void tell_held();
  bool has_failed() const;
  std::size_t bytes_waiting(stream::source_id source) const;
  std::size_t bytes_waiting() const;
};

void input_feed::state::open(const source_config& config) {
  auto opened = stream::file_source::open({.path = config.path, .follow = config.follow});
  if (!opened) throw failure(exit_code::io, opened.error().message);
  sources.push_back({.file = std::move(*opened), .idle = config.idle});
}

void input_feed::state::begin() {
  for (std::size_t i = 0; i < sources.size(); ++i) {
    sources[i].heard = clock::now();
    const auto syntax = into.front()->sources()[i].format.syntax;
    readers.emplace_back(borrowed_file{&sources[i].file}, id_of(i), queue, stream::reader_options{.syntax = syntax});
  }
}

/// Feeds what came first; false when nothing has come.
bool input_feed::state::take(std::chrono::microseconds at_most, std::vector<stream::set_aside_record>& aside) {
  auto arrived = queue.take(at_most);
  if (!arrived) return false;
  auto& source = sources[static_cast<std::size_t>(arrived->source)];
  source.heard = clock::now();
  source.is_idle = false;
  source.uncut += arrived->aside.size();
  std::ranges::move(arrived->aside, std::back_inserter(aside));
  if (arrived->bytes) feed(arrived->source, std::move(*arrived->bytes));
  if (arrived->error) error = std::move(arrived->error);
  if (!arrived->ended) return true;
  source.ended = true;
  end(arrived->source);
  return true;
}

void input_feed::state::feed(stream::source_id source, stream::block bytes) {
  for (std::size_t i = 1; i < into.size(); ++i) into[i]->feed(source, bytes);
  into.front()->feed(source, std::move(bytes));
}

void input_feed::state::end(stream::source_id source) {
  for (auto* intake : into) intake->end(source);
}

/// The watermark goes on without a source that has been silent for too long.
void input_feed::state::notice_idle() {
  for (std::size_t i = 0; i < sources.size(); ++i) {
    auto& source = sources[i];
    const bool silent = source.idle && !source.ended && clock::now() - source.heard >= *source.idle;
    if (!silent || source.is_idle || queue.used(id_of(i)) > 0) continue;
    for (auto* intake : into) intake->set_idle(id_of(i));
    source.is_idle = true;
  }
}

/// Of the intake that is furthest behind.
std::size_t input_feed::state::bytes_waiting(stream::source_id source) const {
  std::size_t most = 0;
  for (const auto* intake : into) most = std::max(most, intake->bytes_waiting(source));
  return most;
}

std::size_t input_feed::state::bytes_waiting() const {
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < sources.size(); ++i) bytes += bytes_waiting(id_of(i));
  return bytes;
}

/// A live event waits a little for others, so that a batch is worth its cost.
void input_feed::state::gather(std::vector<stream::set_aside_record>& aside) {
  const auto until = clock::now() + chosen.wait;
  while (!over() && !must_stop() && bytes_waiting() < chosen.rows * record_bytes_likely) {
    const auto left = std::chrono::duration_cast<std::chrono::microseconds>(until - clock::now());
    if (left.count() <= 0 || !take(left, aside)) return;
  }
}

bool input_feed::state::has_failed() const {
  return error || std::ranges::any_of(into, [](const auto* intake) { return intake->failure().has_value(); });
}

bool input_feed::state::must_stop() const { return has_failed() || stop_requested(); }

/// Reads no more; what was read is still worked on.
void input_feed::state::stop(std::vector<stream::set_aside_record>& aside) {
  for (auto& reader : readers) reader.request_stop();
  readers.clear();
  while (take(std::chrono::microseconds::zero(), aside)) {
  }
  for (std::size_t i = 0; i < sources.size(); ++i) end(id_of(i));
  stopped = true;
}

void input_feed::state::tell_held() {
  for (std::size_t i = 0; i < sources.size(); ++i) queue.hold(id_of(i), bytes_waiting(id_of(i)));
}

input_feed::input_feed(const std::vector<source_config>& sources, stream::intake& into, limits chosen)
    : input_feed(sources, std::vector{&into}, chosen) {}

input_feed::input_feed(const std::vector<source_config>& sources, std::vector<stream::intake*> into, limits chosen)
    : state_(std::make_unique<state>(sources.size(), std::move(into), chosen)) {
  for (const auto& source : sources) state_->open(source);
}

input_feed::~input_feed() = default;

void input_feed::begin() { state_->begin(); }

bool input_feed::wait(std::vector<stream::set_aside_record>& aside) {
  auto& s = *state_;
  s.tell_held();
  const bool fed = !s.over() && !s.must_stop() && s.take(patience, aside);
  if (fed) s.gather(aside);
  s.notice_idle();
  if (!s.over() && s.must_stop()) s.stop(aside);
  return !s.over();
}

const std::optional<stream::io_error>& input_feed::error() const { return state_->error; }

std::uint64_t input_feed::uncut(stream::source_id source) const {
  return state_->sources[static_cast<std::size_t>(source)].uncut;
}

bool input_feed::endless() const {
  const auto unbounded = [](const fed_source& source) { return !source.file.progress().bytes_total; };
  return std::ranges::any_of(state_->sources, unbounded);
}

std::uint64_t input_feed::bytes_read() const {
  std::uint64_t bytes = 0;
  for (const auto& source : state_->sources) bytes += source.file.progress().bytes_read;
  return bytes;
}

std::uint64_t input_feed::bytes_total() const {
  std::uint64_t bytes = 0;
  for (const auto& source : state_->sources) bytes += source.file.progress().bytes_total.value_or(0);
  return bytes;
}

}  // namespace weir::app
