#include "stream/adapt.hpp"

#include <utility>

namespace weir::stream {

namespace {

column interned(const column& plain, const field& described, dictionary& texts) {
  column made(described);
  made.reserve(plain.size(), 0);
  for (std::size_t row = 0; row < plain.size(); ++row) {
    if (plain.present(row)) {
      made.push_id(texts.intern(plain.text(row)));
    } else {
      made.push_missing();
    }
  }
  return made;
}

void adapt(table& rows, const event_type& from, const event_type& to, dictionary& texts) {
  for (std::size_t i = 0; i < from.fields.size(); ++i) {
    const auto id = static_cast<field_id>(i);
    const bool differs = to[id].type.kind == type_kind::text && to[id].interned && !from[id].interned;
    if (differs) rows[id] = interned(rows[id], to[id], texts);
  }
}

}  // namespace

void adapt(batch& rows, const schema& from, const schema& to, dictionary& texts) {
  const std::size_t known = from.events().size();
  for (std::size_t i = 0; i < known; ++i) {
    const auto type = static_cast<event_type_id>(i);
    adapt(rows[type], from[type], to[type], texts);
  }
  if (known == to.events().size()) return;
  batch wider(to);
  for (std::size_t i = 0; i < known; ++i) {
    const auto type = static_cast<event_type_id>(i);
    wider[type] = std::move(rows[type]);
  }
  for (const row_ref row : rows.order()) wider.append_to_order(row);
  wider.set_watermark(rows.watermark());
  rows = std::move(wider);
}

}  // namespace weir::stream
