#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/event_builder.hpp"
#include "tests/support/oracle.hpp"
#include "tests/support/pattern_builder.hpp"

// A small world of payments for tests of the oracle, whose patterns are made by hand.
namespace weir::testing {

stream::schema oracle_schema();

inline const stream::schema types = oracle_schema();
inline const fields payment(types, "payment");
inline const fields transfer(types, "transfer");
inline const fields confirm(types, "confirm");
inline const fields reading(types, "reading");

plain_event pay(stream::duration at, const std::string& card, std::int64_t cents, const std::string& merchant = "m");
plain_event confirmed(stream::duration at, const std::string& card);
plain_event moved(stream::duration at, const std::string& from, const std::string& to, std::int64_t cents = 100);
plain_event measured(stream::duration at, const plain_value& level);

cep::expression euros(std::int64_t cents);
cep::expression amount_below(std::int64_t cents);
cep::expression amount_above(std::int64_t cents);

cep::pattern card_pattern(cep::sequence body);
cep::pattern account_pattern(cep::sequence body);
cep::pattern on(cep::event_filter filter);
cep::aggregate counted(cep::event_filter filter, cep::window window);

std::vector<plain_alert> alerts_of(const std::vector<cep::pattern>& patterns, std::vector<plain_event> events,
                                   stream::timestamp final_watermark = stream::end_of_time);

/// The aggregate's value at every payment, one after another.
std::vector<naive_value> values_of(cep::aggregate a, const std::vector<plain_event>& events);
std::vector<naive_value> exact(std::initializer_list<std::int64_t> numbers);

using places = std::vector<std::size_t>;
places places_of(const plain_alert& alert);
std::vector<places> evidence(const std::vector<plain_alert>& alerts);
std::vector<stream::duration> times(const std::vector<plain_alert>& alerts);

// ---- streams of letters: what a pattern matches, as one line

/// A payment's merchant is its letter: `letter("a")` is the step `a: payment where merchant = "a"`.
cep::event_filter letters(std::string_view any_of);
cep::step letter(std::string_view any_of);
/// `no payment where merchant = …`, within so long of a step.
cep::absence no_letter(std::string_view any_of, std::optional<stream::duration> within = {},
                       std::optional<std::uint16_t> of = {});

/// Payments as they are written: "a b@5 C2:a" is an `a` at 0 s, a `b` at 5 s, and an `a` of card C2 a second after
/// that.
std::vector<plain_event> letter_stream(std::string_view text);

/// The alerts of a pattern in a stream of letters: the places of each one's events, "0,1 2,4"; those of a deadline, or
/// of another card than C1, say so: "0@30 C2:3". Steps that bind nothing are left out.
std::string found(const cep::pattern& pattern, std::string_view letters);
/// The same, with the events of each step in brackets: "[0,1][][4]".
std::string found_by_step(const cep::pattern& pattern, std::string_view letters);

}  // namespace weir::testing
