#include "cep/text_function.hpp"

#include <re2/re2.h>
#include <utf8proc.h>

#include <algorithm>
#include <array>

namespace weir::cep {

namespace {

constexpr stream::symbol not_asked{~std::uint32_t{0}};

re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }

RE2::Options quiet() {
  RE2::Options options;
  options.set_log_errors(false);
  return options;
}

template <class Change>
std::string each_letter(std::string_view text, Change change) {
  std::string out;
  out.reserve(text.size());
  const auto* at = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  auto left = static_cast<utf8proc_ssize_t>(text.size());
  while (left > 0) {
    utf8proc_int32_t letter = 0;
    const utf8proc_ssize_t read = std::max<utf8proc_ssize_t>(utf8proc_iterate(at, left, &letter), 1);
    if (letter < 0) {
      out += static_cast<char>(*at);
    } else {
      std::array<utf8proc_uint8_t, 4> bytes{};
      const utf8proc_ssize_t written = utf8proc_encode_char(change(letter), bytes.data());
      out.append(reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(written));
    }
    at += read;
    left -= read;
  }
  return out;
}

}  // namespace

std::string why_not_a_pattern(std::string_view pattern) {
  const RE2 read(piece(pattern), quiet());
  return read.ok() ? "" : read.error();
}

std::string lower(std::string_view text) { return each_letter(text, utf8proc_tolower); }
std::string upper(std::string_view text) { return each_letter(text, utf8proc_toupper); }

std::size_t length(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

text_function::text_function(operation op, const stream::dictionary& first, stream::dictionary& texts,
                             const std::string* constant)
    : op_(op), first_(&first), texts_(&texts), constant_(constant != nullptr), part_(constant_ ? *constant : "") {
  if (op_ == operation::matches) pattern_ = std::make_shared<const RE2>(piece(part_), quiet());
}

value text_function::operator()(stream::symbol first, stream::symbol second) {
  switch (op_) {
    case operation::lower:
    case operation::upper: return changed(first);
    case operation::length: return value::of(static_cast<int128>(length((*first_)[first])));
    default: return constant_ ? remembered(first) : value::of(decide((*first_)[first], (*texts_)[second]));
  }
}

bool text_function::decide(std::string_view text, std::string_view part) const {
  switch (op_) {
    case operation::starts_with: return text.starts_with(part);
    case operation::ends_with: return text.ends_with(part);
    case operation::contains: return text.find(part) != std::string_view::npos;
    default: return RE2::PartialMatch(piece(text), *pattern_);
  }
}

value text_function::remembered(stream::symbol first) {
  constexpr signed char unknown = -1;
  const auto place = static_cast<std::size_t>(first);
  if (first_->generation() != generation_) {
    decided_.clear();
    generation_ = first_->generation();
  }
  if (place >= decided_.size()) decided_.resize(std::max(2 * decided_.size(), place + 1), unknown);
  if (decided_[place] == unknown) decided_[place] = decide((*first_)[first], part_);
  return value::of(decided_[place] != 0);
}

value text_function::changed(stream::symbol first) {
  const auto place = static_cast<std::size_t>(first);
  // Seen again in each epoch, what is given now is not forgotten while it is in use.
  if (first_->generation() != generation_ || texts_->epoch() != epoch_) {
    changed_.clear();
    generation_ = first_->generation();
    epoch_ = texts_->epoch();
  }
  if (place >= changed_.size()) changed_.resize(std::max(2 * changed_.size(), place + 1), not_asked);
  if (changed_[place] == not_asked) {
    const std::string_view text = (*first_)[first];
    changed_[place] = texts_->intern_passing(op_ == operation::lower ? lower(text) : upper(text));
  }
  return value::of(changed_[place]);
}

}  // namespace weir::cep
