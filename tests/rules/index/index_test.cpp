#include "rules/index.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

#include "tests/rules/index/marked_text.hpp"

using namespace weir::rules;

namespace {

symbol_index index_of(std::string text) { return symbol_index({{"a.weir", std::move(text)}}); }

std::string text_at(const symbol_index& index, const source_span& where) {
  return index.files()[where.file].text.substr(where.begin, where.end - where.begin);
}

/// "field amount of payment": what is named at the mark behind the declarations; "" where nothing is.
std::string named(std::string_view rule) {
  const auto at = marked(declarations + std::string(rule));
  const auto index = index_of(at.text);
  const auto* use = index.use_at(0, at.offset);
  if (use == nullptr) return "";
  const symbol& s = index.symbols()[use->symbol];
  const auto owner = s.owner == no_symbol ? std::string() : " of " + index.symbols()[s.owner].name;
  CHECK(text_at(index, use->where).find(s.name) != std::string::npos);
  return std::string(to_text(s.kind)) + " " + s.name + owner;
}

const symbol& the(const symbol_index& index, symbol_kind kind, std::string_view name) {
  const auto found =
      std::ranges::find_if(index.symbols(), [&](const symbol& s) { return s.kind == kind && s.name == name; });
  REQUIRE(found != index.symbols().end());
  return *found;
}

}  // namespace

TEST_CASE("a declaration is known with its name, its type and the comment above it") {
  const auto index = index_of(declarations);
  const auto& limit = the(index, symbol_kind::param, "limit");
  CHECK(text_at(index, limit.where) == "limit");
  CHECK(text_at(index, limit.extent) == "param limit = 500 EUR");
  CHECK(limit.declaration == "param limit = 500 EUR");
  CHECK(limit.comment == "How much is much.\nAsk before changing it.");
  CHECK(the(index, symbol_kind::entity, "account").comment == "Somebody's account.");
  CHECK(the(index, symbol_kind::entity, "card").comment.empty());
  CHECK(the(index, symbol_kind::list, "payroll").type == "account");
  CHECK(the(index, symbol_kind::graph, "payments").type == "transfer");
  CHECK(the(index, symbol_kind::parameter, "least").type == "money");
}

TEST_CASE("the fields of one type each have it") {
  const auto index = index_of(declarations);
  const auto transfer = index.find(symbol_kind::event, "transfer");
  REQUIRE(transfer);
  std::vector<std::string> fields;
  for (const auto i : index.all(symbol_kind::field, *transfer)) fields.push_back(index.symbols()[i].declaration);
  CHECK(fields == std::vector<std::string>{"at: time", "from: account", "to: account", "amount: money(EUR)?"});
  const auto clients = index.find(symbol_kind::table, "clients");
  REQUIRE(clients);
  CHECK(index.all(symbol_kind::column, *clients).size() == 2);
}

TEST_CASE("a rule owns its subjects, labels, vertices and tests") {
  const auto index = index_of(declarations + R"(
rule r for a: account, card version 2 {
  match some x: transfer where from = a
  then all of (y: transfer, transfer)
  test "two" { expect no alert }
}
rule ring for a: account { match (a) -[e: transfer]-> (b) -[f: transfer]-> (a) })");
  const auto names = [&](std::string_view rule) {
    std::vector<std::string> all;
    const auto owner = index.find(symbol_kind::rule, rule);
    REQUIRE(owner);
    for (const auto& s : index.symbols()) {
      if (s.owner == *owner) all.push_back(std::string(to_text(s.kind)) + " " + s.name + ": " + s.type);
    }
    return all;
  };
  CHECK(names("r") == std::vector<std::string>{"subject a: account", "subject card: card", "label x: transfer",
                                               "label y: transfer", "test two: "});
  CHECK(names("ring") ==
        std::vector<std::string>{"subject a: account", "label e: transfer", "vertex b: ", "label f: transfer"});
  CHECK(the(index, symbol_kind::rule, "r").declaration == "rule r for a: account, card version 2");
}

TEST_CASE("a bare name in a `where` is a field first") {
  CHECK(named("rule r for card { on payment where ^amount > limit }") == "field amount of payment");
  CHECK(named("rule r for card { on payment where amount > ^limit }") == "param limit");
  CHECK(named("rule r for card { on payment where ^card = 1 }") == "field card of payment");
  CHECK(named("rule r for acct: account { on transfer where ^acct = from }") == "subject acct of r");
  CHECK(named("rule r for card { on payment when ^amount > limit }").empty());
}

TEST_CASE("a label's member is a field of its event") {
  const std::string rule = "rule r for card { match small: payment then large: payment where ";
  CHECK(named(rule + "merchant != ^small.merchant }") == "label small of r");
  CHECK(named(rule + "merchant != small.^merchant }") == "field merchant of payment");
  CHECK(named(rule + "^merchant != small.merchant }") == "field merchant of payment");
  CHECK(named(rule + "x = small.^amuont }").empty());
}

TEST_CASE("labels are those of their own rule") {
  const auto index = index_of(
      declarations + "rule a for card { on x: payment }\nrule b for card { on x: payment when x.amount > limit }");
  const auto b = index.find(symbol_kind::rule, "b");
  REQUIRE(b);
  const auto label = index.find(symbol_kind::label, "x", *b);
  REQUIRE(label);
  CHECK(index.uses_of(*label).size() == 2);
}

TEST_CASE("in an aggregate a `where` reads the aggregate's event, behind it the step's again") {
  const std::string rule = "rule r for card { on payment where count(transfer where ";
  CHECK(named(rule + "^amount > limit) over 1h > 1 and amount > limit }") == "field amount of transfer");
  CHECK(named(rule + "amount > limit) over 1h > 1 and ^amount > limit }") == "field amount of payment");
  CHECK(named("rule r for card { on payment when sum(payment.^amount) over 1h > limit }") == "field amount of payment");
  CHECK(named("rule r for card { on payment when prev(payment).^merchant = \"x\" }") == "field merchant of payment");
  CHECK(named("rule r for card { match some x: payment then payment where sum(^x.amount) > limit }") == "label x of r");
}

TEST_CASE("tables, lists, graphs, models and lets are found where they are asked") {
  const std::string rule = "rule r for acct: account { on t: transfer when ";
  CHECK(named(rule + "^clients[t.from].country = \"DE\" }") == "table clients");
  CHECK(named(rule + "clients[t.from].^country = \"DE\" }") == "column country of clients");
  CHECK(named(rule + "clients[t.^from].country = \"DE\" }") == "field from of transfer");
  CHECK(named(rule + "acct in ^payroll }") == "list payroll");
  CHECK(named(rule + "^payments.fan_in(acct) over 7d > 3 }") == "graph payments");
  CHECK(named(rule + "score(^fraud, t.amount) > 0.9 }") == "model fraud");
  CHECK(named(rule + "^large(t, limit) }") == "let large");
  CHECK(named(rule + "large(^t, limit) }") == "label t of r");
}

TEST_CASE("a declaration uses names, too") {
  CHECK(named("event x { at: time  a: ^account }") == "entity account");
  CHECK(named("let f(t: ^transfer) = t.amount > limit") == "event transfer");
  CHECK(named("let f(t: transfer) = ^t.amount > limit") == "parameter t of f");
  CHECK(named("let f(t: transfer) = t.^amount > limit") == "field amount of transfer");
  CHECK(named("param more = 2 * ^limit") == "param limit");
  CHECK(named("graph g : ^transfer(from -> to, weight amount) keep 1d") == "event transfer");
  CHECK(named("graph g : transfer(^from -> to, weight amount) keep 1d") == "field from of transfer");
  CHECK(named("graph g : transfer(from -> to, weight ^amount) keep 1d") == "field amount of transfer");
  CHECK(named("rule r for acct: ^account { on transfer }") == "entity account");
  CHECK(named("table t : ^account -> { x: text } from \"t.csv\"") == "entity account");
  CHECK(named("import \"^types.weir\"") == "import types.weir");
}

TEST_CASE("a name without a type in a rule's head is the entity, too") {
  CHECK(named("rule r for ^card { on payment }") == "subject card of r");
}

TEST_CASE("reasons, tests and raised events name things") {
  const std::string rule = "rule r for card { match p: payment ";
  CHECK(named(rule + "reason \"paid {^p.amount} of {limit}\" }") == "label p of r");
  CHECK(named(rule + "reason \"paid {p.^amount} of {limit}\" }") == "field amount of payment");
  CHECK(named(rule + "reason \"paid {p.amount} of {^limit}\" }") == "param limit");
  CHECK(named(rule + "reason \"paid ^limit\" }").empty());
  CHECK(named(rule + "test \"x\" { ^payment { at: 0m  card: C } expect no alert } }") == "event payment");
  CHECK(named(rule + "test \"x\" { payment { at: 0m  ^card: C } expect no alert } }") == "field card of payment");
  CHECK(named(rule + "raise ^flagged { account: p.card  why: p.merchant } }") == "event flagged");
  CHECK(named(rule + "raise flagged { account: p.card  ^why: p.merchant } }") == "field why of flagged");
  CHECK(named(rule + "raise flagged { account: p.card  why: p.^merchant } }") == "field merchant of payment");
}

TEST_CASE("a place just behind a name is at it, a place between names is at none") {
  CHECK(named("rule r for card { on payment where amount^ > limit }") == "field amount of payment");
  CHECK(named("rule r for card { on payment where amount ^ > limit }").empty());
  CHECK(index_of("").use_at(0, 0) == nullptr);
  CHECK(index_of("entity a").use_at(1, 0) == nullptr);
}

TEST_CASE("a file in error is known as far as it can be read") {
  CHECK(named("rule r for card { on payment where ^amount > ") == "field amount of payment");
  CHECK(named("rule r for card { match a: payment then wehn x y ( then b: payment where amount > ^a.") ==
        "label a of r");
  CHECK(named("rule ^") == "");
  CHECK(named("event x { at: ^") == "");
}

TEST_CASE("what one file declares is known in the others") {
  const symbol_index index(
      {{"rules.weir", "import \"types.weir\"\nrule r for card { on payment where amount > limit }"},
       {"types.weir", declarations}});
  const auto limit = index.find(symbol_kind::param, "limit");
  REQUIRE(limit);
  const auto uses = index.uses_of(*limit);
  REQUIRE(uses.size() == 2);
  CHECK(uses[0].file == 0);
  CHECK(uses[1] == index.symbols()[*limit].where);
  CHECK(uses[1].file == 1);
}

TEST_CASE("any cut of a file is indexed without a crash, and names only what stands there") {
  const std::string text = declarations + R"(
rule r for a: account version 3 {
  match all of (x: transfer where from = a, transfer) then no transfer within 1h of x
  when clients[a].country = "DE" and large(x, limit) and score(fraud, x.amount) > 0.9
  suppress by x.to for 1h
  reason "{x.amount} \{ {count(transfer where from = a) over 5m}"
  raise flagged { account: a  why: "big" }
  test "t" { transfer { at: 0m  from: A  to: B } expect alert for A at 1h }
})";
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    for (const auto& part : {text.substr(0, cut), text.substr(cut)}) {
      const auto index = index_of(part);
      for (const auto& use : index.uses()) {
        REQUIRE(use.where.begin < use.where.end);
        REQUIRE(use.where.end <= part.size());
        REQUIRE(use.symbol < index.symbols().size());
      }
    }
  }
}
