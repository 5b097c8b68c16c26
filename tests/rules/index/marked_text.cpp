#include "tests/rules/index/marked_text.hpp"

#include <stdexcept>

const std::string declarations = R"(# Somebody's account.
entity account
entity card

event payment  { at: time  id: text  card: card  merchant: text  amount: money(EUR) }
event transfer { at: time  from, to: account  amount: money(EUR)? }
event flagged  { at: time  account: account  why: text }

# How much is much.
# Ask before changing it.
param limit = 500 EUR

list payroll : account from "payroll.csv"
table clients : account -> { country: text?  opened: time } from "clients.csv"
model fraud : xgboost from "fraud.json"
graph payments : transfer(from -> to, weight amount) keep 30d refresh 10s
let large(t: transfer, least: money) = t.amount >= least
)";

marked_text marked(std::string_view written) {
  const auto mark = written.find('^');
  if (mark == std::string_view::npos) throw std::logic_error("no place is marked");
  return {std::string(written.substr(0, mark)) + std::string(written.substr(mark + 1)), mark};
}
