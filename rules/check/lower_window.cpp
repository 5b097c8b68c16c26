#include <boost/variant/apply_visitor.hpp>
#include <boost/variant/static_visitor.hpp>
#include <limits>

#include "cep/calendar.hpp"
#include "rules/check/literals.hpp"
#include "rules/check/lower_expression.hpp"

namespace weir::rules {
namespace {

struct wrong_window {
  ast::located place;
  type_mismatch why;
};

template <class Extent>
using extent_or_why = std::expected<Extent, wrong_window>;
using window_or_why = std::expected<cep::window, wrong_window>;

extent_or_why<stream::duration> length_of(const ast::duration_literal& written) {
  const auto length = positive_duration(written);
  if (!length) return std::unexpected(wrong_window{written, length.error()});
  return *length;
}

std::unexpected<wrong_window> wrong(const ast::located& place, std::string message, std::string hint = {}) {
  return std::unexpected(wrong_window{place, {std::move(message), std::move(hint)}});
}

class window_extent : public boost::static_visitor<window_or_why> {
 public:
  explicit window_extent(const ast::window& whole) : whole_(whole) {}

  window_or_why operator()(const ast::time_window& w) const {
    const auto length = length_of(w.length);
    if (!length) return std::unexpected(length.error());
    if (!w.ago) return cep::window{cep::time_extent{*length}, whole_.prior};
    if (whole_.prior) return no_prior("a window that ends in the past");
    const auto ago = length_of(*w.ago);
    if (!ago) return std::unexpected(ago.error());
    if (*length > stream::duration::max() - *ago) return wrong(whole_, "this window is longer than Weir can count");
    return cep::window{cep::past_extent{*length, *ago}, false};
  }

  window_or_why operator()(const ast::count_window& w) const {
    const auto events = whole_number(w.events);
    if (!events || *events < 1 || *events > std::numeric_limits<std::uint32_t>::max()) {
      return wrong(whole_, "a window of events has a whole number of them, at least 1");
    }
    return cep::window{cep::count_extent{static_cast<std::uint32_t>(*events)}, whole_.prior};
  }

  window_or_why operator()(const ast::calendar_window& w) const {
    if (whole_.prior) return no_prior("a window by the calendar");
    cep::calendar_extent extent;
    extent.counted = w.unit.name == "day"    ? cep::calendar_extent::unit::day
                     : w.unit.name == "week" ? cep::calendar_extent::unit::week
                                             : cep::calendar_extent::unit::month;
    if (w.zone) extent.zone = w.zone->value;
    if (cep::is_time_zone(extent.zone)) return cep::window{extent, false};
    auto hint = did_you_mean(extent.zone, cep::time_zones());
    if (hint.empty()) hint = "zones are named by area and city: \"Europe/Paris\", \"America/New_York\", \"UTC\"";
    return wrong(*w.zone, "there is no time zone \"" + extent.zone + "\"", std::move(hint));
  }

  window_or_why operator()(const ast::session_window& w) const {
    if (whole_.prior) return no_prior("a session");
    const auto gap = length_of(w.gap);
    if (!gap) return std::unexpected(gap.error());
    return cep::window{cep::session_extent{*gap}, false};
  }

 private:
  std::unexpected<wrong_window> no_prior(const std::string& what) const {
    return wrong(whole_, what + " has no `prior`", "`prior` stands before a duration or a number of events");
  }

  const ast::window& whole_;
};

}  // namespace

std::optional<cep::window> expression_lowering::window_of(const ast::window& w) {
  auto result = boost::apply_visitor(window_extent(w), w.extent.get());
  if (result) return *std::move(result);
  complain(result.error().place, std::move(result.error().why.message), std::move(result.error().why.hint));
  return std::nullopt;
}

}  // namespace weir::rules
