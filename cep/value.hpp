#pragma once

#include <bit>
#include <cstdint>
#include <string>

#include "stream/schema.hpp"
#include "stream/table.hpp"

namespace weir::cep {

__extension__ using int128 = __int128;

/// What a number counts. Times and durations are numbers of seconds with six digits; money counts its currency.
enum class unit : std::uint8_t { none, money, duration, time };

enum class value_kind : std::uint8_t { boolean, exact, real, text, entity, ip };

/// The type of an expression. An `exact` number is an integer times 10^-digits; a `real` is a double that counts the
/// unit's smallest part (cents, microseconds), so that sums of money are whole doubles. Texts here are interned.
struct value_type {
  value_kind kind = value_kind::boolean;
  cep::unit unit = unit::none;
  std::uint8_t digits = 0;
  stream::currency_id currency{};
  stream::entity_type_id entity{};

  friend bool operator==(const value_type&, const value_type&) = default;
};

/// The type that reading a field of this type gives.
value_type type_of(const stream::field_type& field);

/// Digits after the point of the unit's smallest part: a currency's minor digits, six for time, none for plain numbers.
int base_digits(const value_type& type);

/// A value at run time: present or missing, its alternative known from the expression's static type.
struct value {
  bool present = false;
  union {
    bool boolean;
    int128 exact;
    double real;
    stream::symbol id;
    stream::ip_address ip;
  };

  value() : exact(0) {}
  static value missing() { return {}; }
  static value of(bool b) {
    value v;
    v.present = true;
    v.boolean = b;
    return v;
  }
  static value of(int128 n) {
    value v;
    v.present = true;
    v.exact = n;
    return v;
  }
  static value of(double d) {
    value v;
    v.present = true;
    v.real = d;
    return v;
  }
  static value of(stream::symbol id) {
    value v;
    v.present = true;
    v.id = id;
    return v;
  }
  static value of(const stream::ip_address& ip) {
    value v;
    v.present = true;
    v.ip = ip;
    return v;
  }
};

/// The value as a person reads it: "3.07 EUR", "true", "C1", "1m30s", "2024-05-01T10:00:00Z"; else "missing".
std::string to_text(const value& v, const value_type& type, const stream::symbols& names);
void append_text(std::string& out, const value& v, const value_type& type, const stream::symbols& names);

/// An exact number: -1.50 for (-150, 2).
std::string to_text(int128 number, int digits);
void append_text(std::string& out, int128 number, int digits);

/// A real as it counts, the smallest part of its unit (cents), in whole units (euros).
double in_whole_units(double number, const value_type& type);

}  // namespace weir::cep
