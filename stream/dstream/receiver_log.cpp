#include "stream/dstream/receiver_log.hpp"

#include <condition_variable>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "stream/dstream/open_file.hpp"

namespace weir::stream {

namespace {

/// What a thread wants added. It waits until there is an answer.
struct request {
  std::string_view payload;
  std::optional<std::expected<std::uint64_t, io_error>> answer{};
};

}  // namespace

// The first thread that finds nobody writing writes for all that wait; those that come meanwhile are the next group.
struct receiver_log::state {
  state(open_file held, block_log opened) : lock(std::move(held)), blocks(std::move(opened)) {}

  void write_waiting(std::unique_lock<std::mutex>& asking);
  void answer(const std::vector<request*>& group, const std::expected<std::uint64_t, io_error>& first);

  open_file lock;

  std::mutex waits;  // for the three below
  std::condition_variable changed;
  std::vector<request*> waiting;
  bool writing = false;

  std::mutex files;  // for the blocks; never taken by who holds `waits`
  block_log blocks;
};

void receiver_log::state::write_waiting(std::unique_lock<std::mutex>& asking) {
  const std::vector<request*> group = std::exchange(waiting, {});
  writing = true;
  asking.unlock();
  std::vector<std::string_view> payloads;
  for (const request* one : group) payloads.push_back(one->payload);
  std::expected<std::uint64_t, io_error> first;
  {
    const std::lock_guard held(files);
    first = blocks.append(payloads);
  }
  asking.lock();
  writing = false;
  answer(group, first);
  changed.notify_all();
}

void receiver_log::state::answer(const std::vector<request*>& group,
                                 const std::expected<std::uint64_t, io_error>& first) {
  for (std::size_t i = 0; i < group.size(); ++i) {
    group[i]->answer = first;
    if (first) *group[i]->answer = *first + i;
  }
}

receiver_log::receiver_log(std::unique_ptr<state> opened) : state_(std::move(opened)) {}
receiver_log::~receiver_log() = default;
receiver_log::receiver_log(receiver_log&&) noexcept = default;
receiver_log& receiver_log::operator=(receiver_log&&) noexcept = default;

std::expected<receiver_log, io_error> receiver_log::open(const std::string& folder, const block_log_options& options) {
  auto lock = lock_folder(folder);
  if (!lock) return std::unexpected(lock.error());
  auto blocks = block_log::open(folder, options);
  if (!blocks) return std::unexpected(blocks.error());
  return receiver_log(std::make_unique<state>(std::move(*lock), std::move(*blocks)));
}

std::expected<std::uint64_t, io_error> receiver_log::append(std::string_view payload) {
  state& s = *state_;
  request mine{.payload = payload};
  std::unique_lock asking(s.waits);
  s.waiting.push_back(&mine);
  while (!mine.answer) {
    if (s.writing) {
      s.changed.wait(asking);
    } else {
      s.write_waiting(asking);
    }
  }
  return *mine.answer;
}

std::expected<std::string, io_error> receiver_log::read(std::uint64_t number) {
  const std::lock_guard held(state_->files);
  return state_->blocks.read(number);
}

std::expected<void, io_error> receiver_log::forget_before(std::uint64_t number) {
  const std::lock_guard held(state_->files);
  return state_->blocks.forget_before(number);
}

std::uint64_t receiver_log::first() const {
  const std::lock_guard held(state_->files);
  return state_->blocks.first();
}

std::uint64_t receiver_log::next() const {
  const std::lock_guard held(state_->files);
  return state_->blocks.next();
}

}  // namespace weir::stream
