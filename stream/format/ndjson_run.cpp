#include "stream/format/ndjson_run.hpp"

#include <simdjson.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "stream/format/quick_number.hpp"
#include "stream/format/swar.hpp"

namespace weir::stream {

namespace {

constexpr std::size_t slots_max = 64;
constexpr std::size_t places_max = 256;
/// A high bit at the first byte that does not simply go on with a text.
constexpr std::uint64_t stops(std::uint64_t word) {
  return swar::equal(word, '"') | swar::equal(word, '\\') | swar::less(word, 0x20);
}

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r'; }
bool is_in_number(char c) { return (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+' || c == 'e' || c == 'E'; }

void skip_spaces(const char*& at) {
  while (is_space(*at)) ++at;
}

/// Up to and with the closing quote; all bytes, or-ed together, go into `seen`.
inline bool take_text(const char*& at, std::string_view& into, std::uint64_t& seen) {
  const char* const begin = at;
  for (;; at += sizeof(std::uint64_t)) {
    const std::uint64_t word = swar::load(at);
    seen |= word;
    const std::uint64_t stop = stops(word);
    if (stop == 0) continue;
    at += swar::first(stop);
    into = {begin, at};
    return take_char(at, '"');
  }
}

bool ends_value(char c) { return c == ',' || c == '}' || c == ' '; }

bool take_word(const char*& at, std::string_view word, scalar_kind kind, scalar& into) {
  if (std::string_view{at, strnlen(at, word.size())} != word) return false;
  into = {kind, {at, word.size()}};
  at += word.size();
  return true;
}

bool take_number(const char*& at, scalar& into) {
  const char* const begin = at;
  while (is_in_number(*at)) ++at;
  into = {scalar_kind::number, {begin, at}};
  return is_json_number(into.text);
}

/// A value of any kind that is not nested; of a text, its opening quote is behind us.
bool take_scalar(const char*& at, bool text, scalar& into, std::uint64_t& seen) {
  if (text) {
    into.kind = scalar_kind::text;
    return take_text(at, into.text, seen);
  }
  switch (*at) {
    case 't': return take_word(at, "true", scalar_kind::boolean, into);
    case 'f': return take_word(at, "false", scalar_kind::boolean, into);
    case 'n': return take_word(at, "null", scalar_kind::missing, into);
    default: return take_number(at, into);
  }
}

}  // namespace

// ---- layouts

inline bool ndjson_run::expectation::met_by(const char* at) const {
  std::uint64_t other = 0;
  for (std::size_t i = 0; i < words; ++i) other |= (swar::load(at + 8 * i) & mask[i]) ^ bytes[i];
  return other == 0;
}

/// The same bytes are expected here in the next record.
void ndjson_run::expectation::learn(std::string_view met, std::uint16_t its_place, bool is_text) {
  if (met.size() > bytes_max) return;
  for (std::size_t i = 0; i < words; ++i) {
    const std::size_t count = std::min<std::size_t>(met.size() - std::min(met.size(), 8 * i), 8);
    mask[i] = count == 0 ? 0 : ~std::uint64_t{0} >> (64 - 8 * count);
    bytes[i] = swar::load(met.data() + std::min(met.size(), 8 * i)) & mask[i];
  }
  place = its_place;
  size = static_cast<std::uint8_t>(met.size());
  text = is_text;
}

ndjson_run::layout::layout(event_type_id id, const field_map& map, symbols& names)
    : type(id), fields(&map), writer(map.type(), names) {
  usable = map.slots().size() <= slots_max;
  time_max = last_time.time_since_epoch() / map.time_unit();
  for (const field_map::slot& slot : map.slots()) {
    const auto place = static_cast<std::uint16_t>(actions.size());
    places.emplace(slot.name, place);
    actions.push_back(action_of(slot, map, writer));
    if (!usable) continue;
    const std::uint64_t bit = std::uint64_t{1} << place;
    all |= bit;
    const bool needed = std::ranges::any_of(slot.columns, [&](field_id f) { return !map.type()[f].optional; });
    if (slot.time || slot.event || needed) required |= bit;
  }
  expected.resize(actions.size() + 1);
}

ndjson_run::action ndjson_run::action_of(const field_map::slot& slot, const field_map& map,
                                         const table_writer& writer) {
  using kind = action::kind;
  action made{.does = kind::general, .field = {}, .digits = 0, .slot = &slot};
  if (slot.columns.empty()) {
    if (slot.time != slot.event) made.does = slot.time ? kind::time : kind::event;
    return made;
  }
  if (slot.columns.size() > 1 || slot.time || slot.event) return made;
  made.field = slot.columns.front();
  switch (writer.way_of(made.field)) {
    case table_writer::way::exact:
      made.does = kind::exact;
      made.digits = exact_digits(map.type()[made.field].type);
      break;
    case table_writer::way::interned: made.does = kind::interned; break;
    case table_writer::way::plain: made.does = kind::plain; break;
    case table_writer::way::general: break;
  }
  return made;
}

std::uint16_t ndjson_run::layout::place_of(std::string_view key) {
  const auto known = places.find(key);
  if (known != places.end()) return known->second;
  // Of too many that feed nothing the last ones share a place.
  const auto place = static_cast<std::uint16_t>(std::min(actions.size(), places_max - 1));
  if (place == actions.size()) {
    places.emplace(std::string{key}, place);
    actions.emplace_back();
    expected.emplace_back();
  }
  return place;
}

// ---- a record

/// The walk over one record: what it has met so far.
class ndjson_run::walk {
 public:
  enum class outcome : std::uint8_t { row, other_event, not_usual };

  walk(layout& of, const char* begin) : of_(of), begin_(begin) {}

  /// Puts the record's values; `at` is then behind its line's end. `end` is that of the bytes.
  outcome read(const char*& at, const char* end);

  timestamp time() const { return time_; }
  /// Of an `other_event`.
  std::string_view event_named() const { return event_named_; }

 private:
  enum class next : std::uint8_t { value, end, not_usual };

  next take_new_key(const char*& at, std::size_t& last, bool& text);
  bool put_usual(const action& to, const char*& at, bool text);
  bool put_general(const action& to, const char*& at, bool text);
  outcome put_event(const char*& at, bool text);
  outcome finish(const char*& at, const char* end, std::uint64_t met);

  layout& of_;
  const char* const begin_;
  std::uint64_t bytes_ = 0;  // those of texts, or-ed together: do they need a look at their encoding?
  timestamp time_ = start_of_time;
  std::string_view event_named_;
};

ndjson_run::walk::outcome ndjson_run::walk::read(const char*& from, const char* end) {
  if (!of_.usable) return outcome::not_usual;
  const char* at = from;  // in a register, not in memory
  std::size_t last = 0;   // the place + 1 of the field before
  std::uint64_t met = 0;  // a bit a slot
  for (;;) {
    bool text = false;  // the value is one: its opening quote is behind us
    const expectation& likely = of_.expected[last];
    if (likely.met_by(at)) {
      at += likely.size;
      text = likely.text;
      last = likely.place + std::size_t{1};
    } else {
      const next found = *at == '}' && last != 0 ? next::end : take_new_key(at, last, text);
      if (found == next::not_usual) return outcome::not_usual;
      if (found == next::end) break;
    }
    const action& to = of_.actions[last - 1];
    const std::uint64_t bit = to.slot != nullptr ? std::uint64_t{1} << (last - 1) : 0;
    if ((met & bit) != 0) return outcome::not_usual;  // given twice
    met |= bit;
    const char* const value = at;
    if (put_usual(to, at, text)) continue;
    at = value;
    if (to.does == action::kind::event) {
      const outcome put = put_event(at, text);
      if (put != outcome::row) return put;
    } else if (!put_general(to, at, text)) {
      return outcome::not_usual;
    }
  }
  from = at;
  return finish(from, end, met);
}

/// Spaces may stand anywhere.
ndjson_run::walk::next ndjson_run::walk::take_new_key(const char*& at, std::size_t& last, bool& text) {
  const char* const from = at;
  skip_spaces(at);
  if (*at == '}' && last != 0) return next::end;
  if (!take_char(at, last == 0 ? '{' : ',')) return next::not_usual;
  skip_spaces(at);
  if (*at == '}' && last == 0) return next::end;
  std::string_view key;
  std::uint64_t key_bytes = 0;
  if (!take_char(at, '"') || !take_text(at, key, key_bytes)) return next::not_usual;
  skip_spaces(at);
  if (!take_char(at, ':')) return next::not_usual;
  skip_spaces(at);
  text = take_char(at, '"');
  bytes_ |= key_bytes;
  const std::uint16_t place = of_.place_of(key);
  // Where the key is no plain letters, each record has to show anew that it is valid.
  if ((key_bytes & swar::high_bits) == 0) of_.expected[last].learn({from, at}, place, text);
  last = place + std::size_t{1};
  return next::value;
}

/// A value as most are spelled, for a column as most are.
[[gnu::always_inline]] inline bool ndjson_run::walk::put_usual(const action& to, const char*& at, bool text) {
  std::int64_t number = 0;
  std::string_view found;
  switch (to.does) {
    case action::kind::interned:
      if (!text || !take_text(at, found, bytes_)) return false;
      of_.writer.put_interned(to.field, found);
      return true;
    case action::kind::plain:
      if (!text || !take_text(at, found, bytes_)) return false;
      of_.writer.put_plain(to.field, found);
      return true;
    case action::kind::exact:
      if (text || !take_exact(at, to.digits, number) || !ends_value(*at)) return false;
      of_.writer.put_exact(to.field, number);
      return true;
    case action::kind::time:
      if (text || !take_whole(at, number) || !ends_value(*at) || number > of_.time_max) return false;
      time_ = timestamp{number * of_.fields->time_unit()};
      return true;
    default: return false;
  }
}

/// Any value that is not nested, for any column.
bool ndjson_run::walk::put_general(const action& to, const char*& at, bool text) {
  scalar value;
  if (!take_scalar(at, text, value, bytes_)) return false;
  if (to.slot == nullptr) return true;
  if (to.slot->event) return false;
  if (to.slot->time) {
    if (value.kind == scalar_kind::missing) return false;
    const auto time = read_time(value, of_.fields->time_unit());
    if (!time) return false;
    time_ = *time;
  }
  return std::ranges::all_of(to.slot->columns, [&](field_id field) { return of_.writer.put(field, value); });
}

ndjson_run::walk::outcome ndjson_run::walk::put_event(const char*& at, bool text) {
  if (!text || !take_text(at, event_named_, bytes_)) return outcome::not_usual;
  return event_named_ == of_.fields->type().name ? outcome::row : outcome::other_event;
}

ndjson_run::walk::outcome ndjson_run::walk::finish(const char*& at, const char* end, std::uint64_t met) {
  ++at;
  const char* const record_end = at;
  skip_spaces(at);
  if (at != end && !take_char(at, '\n')) return outcome::not_usual;
  if ((met & of_.required) != of_.required) return outcome::not_usual;
  if ((bytes_ & swar::high_bits) != 0 &&
      !simdjson::validate_utf8(begin_, static_cast<std::size_t>(record_end - begin_))) {
    return outcome::not_usual;
  }
  for (std::uint64_t missing = of_.all & ~met; missing != 0; missing &= missing - 1) {
    const auto place = static_cast<std::size_t>(std::countr_zero(missing));
    for (const field_id field : of_.actions[place].slot->columns) of_.writer.put_missing(field);
  }
  return outcome::row;
}

// ---- many records

ndjson_run::ndjson_run(const schema& types, const record_plan& plan, symbols& names) : plan_(plan) {
  const std::size_t count = plan.only_type() ? 1 : types.events().size();
  layouts_.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const event_type_id type = plan.only_type().value_or(static_cast<event_type_id>(i));
    layouts_.emplace_back(type, plan[type], names);
  }
}

decoded_run ndjson_run::decode(std::string_view bytes, origin first, std::size_t rows_max, source_clock& clock,
                               batch& into) {
  const char* at = bytes.data();
  const char* const end = at + bytes.size();
  decoded_run done;
  while (at != end && done.records < rows_max) {
    const char* const begin = at;
    const auto time = read_record(at, end, into);
    if (!time) break;
    layout& of = layouts_[current_];
    if (clock.late_by(*time)) {
      of.writer.abandon_row();
      break;
    }
    clock.see(*time);
    ++done.records;
    done.bytes = static_cast<std::size_t>(at - bytes.data());
    into.append_to_order({of.type, static_cast<std::uint32_t>(into[of.type].size())});
    of.writer.close_row(*time, {first.source, first.position + static_cast<std::uint64_t>(begin - bytes.data())});
  }
  for (layout& one : layouts_) {
    if (one.writer.writing()) one.writer.end();
  }
  return done;
}

/// The time of a row that has been put; else what was put is taken back.
std::optional<timestamp> ndjson_run::read_record(const char*& at, const char* end, batch& into) {
  for (bool turned = false;; turned = true) {
    layout& of = layouts_[current_];
    if (!of.writer.writing()) of.writer.begin(into[of.type]);
    walk record(of, at);
    const char* const begin = at;
    const auto outcome = record.read(at, end);
    if (outcome == walk::outcome::row) return record.time();
    at = begin;
    of.writer.abandon_row();
    if (outcome == walk::outcome::not_usual || turned || !turn_to(record.event_named())) return std::nullopt;
  }
}

/// The layout of the event type that a record names.
bool ndjson_run::turn_to(std::string_view event_name) {
  const auto type = plan_.find_type(event_name);
  if (!type) return false;
  current_ = static_cast<std::size_t>(*type);
  return true;
}

}  // namespace weir::stream
