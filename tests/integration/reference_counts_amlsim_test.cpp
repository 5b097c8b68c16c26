// The six rules on AMLSim's sample, by the way in that a user takes: gzip, CSV, renamed fields, time in steps of an
// hour.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <set>

#include <fmt/format.h>
#include <zlib.h>
#include <catch2/catch.hpp>

#include "cep/engine.hpp"
#include "rules/compile.hpp"
#include "stream/framer.hpp"
#include "stream/intake.hpp"
#include "tests/support/sha256.hpp"

using namespace weir;
using namespace std::chrono_literals;

namespace {

constexpr const char* rule_text = R"(
entity account
event transfer { at: time  from, to: account  amount: money(USD) }

rule a1 for acct: account {
  on transfer where to = acct
  when distinct(transfer.from where to = acct) over 24h >= 8
}
rule a2 for acct: account {
  match in:  transfer where to = acct and amount >= 100 USD
  then  out: transfer where from = acct and amount >= 0.9 * in.amount and amount <= in.amount
  within 6h
}
rule a3 for acct: account {
  match in: transfer where to = acct and amount >= 500 USD
  then  no transfer where from = acct within 48h
}
rule a4 for acct: account {
  on t: transfer where from = acct
  when t.amount > 2 * avg(transfer.amount where from = acct) over prior 72h
   and count(transfer where from = acct) over prior 72h >= 3
}
rule a5 for acct: account {
  match in: transfer where to = acct
  then  a:  transfer where from = acct and amount >= 0.4 * in.amount
  then  b:  transfer where from = acct and amount >= 0.4 * in.amount and to != a.to
  within 12h
}
rule a6 for acct: account {
  match a: transfer where to = acct
  then  no transfer where from = acct
  then  b: transfer where to = acct and from = a.from
  within 24h
}
)";

struct alert {
  std::int64_t step = 0;
  std::int64_t account = 0;
  friend auto operator<=>(const alert&, const alert&) = default;
};

struct summary {
  std::size_t alerts = 0;
  std::size_t accounts = 0;
  std::string checksum;
  friend bool operator==(const summary&, const summary&) = default;
};

std::ostream& operator<<(std::ostream& out, const summary& s) {
  return out << s.alerts << " alerts, " << s.accounts << " accounts, " << s.checksum;
}

const std::vector<summary> reference{{14'697, 1'038, "8c741e4d47457b2c"}, {3'648, 1'618, "abf9633ac22a59af"},
                                     {4'040, 2'805, "80161f31cb1cb1fc"},  {358, 153, "2b4793c9a41e3f23"},
                                     {20'687, 7'339, "ecac553641cb6558"}, {1'426, 422, "35dca7e3237138b9"}};

std::string read_gzip(const std::string& path) {
  std::string text;
  const gzFile file = gzopen(path.c_str(), "rb");
  REQUIRE(file);
  std::vector<char> buffer(1 << 16);
  int bytes = 0;
  while ((bytes = gzread(file, buffer.data(), static_cast<unsigned>(buffer.size()))) > 0) {
    text.append(buffer.data(), static_cast<std::size_t>(bytes));
  }
  CHECK(gzclose(file) == Z_OK);
  return text;
}

rules::program compiled() {
  rules::compilation compilation = rules::compile_text(rule_text);
  for (const rules::diagnostic& d : compilation.findings) UNSCOPED_INFO(rules::render(d, compilation.files));
  REQUIRE(compilation.result);
  return std::move(*compilation.result);
}

stream::source_options transfers(const stream::schema& types) {
  stream::record_format format;
  format.syntax = stream::record_syntax::csv;
  format.event = types.find("transfer");
  format.time_field = "time";
  format.time_unit = 1h;
  format.renamed = {{"from", "sourceNodeId"}, {"to", "targetNodeId"}, {"amount", "value"}};
  return {"transfers", format, stream::duration::zero()};
}

/// Alerts by rule, from the file's bytes in batches of at most `rows`.
std::vector<std::vector<alert>> run(const std::string& csv, std::size_t rows) {
  const rules::program program = compiled();
  stream::symbols names(program.schema);
  cep::engine engine(program.patterns(), program.data, program.schema, names);
  stream::event_log log;
  std::vector<std::vector<alert>> alerts(program.rules.size());
  stream::intake intake(program.schema, names, {transfers(program.schema)});
  std::vector<stream::set_aside_record> aside;
  const auto take_batches = [&] {
    while (auto batch = intake.next(rows, aside)) {
      log.append(std::move(*batch));
      for (const cep::match& m : engine.advance(log)) {
        const auto account = names.entities(stream::entity_type_id{0})[m.subject.front()];
        alerts[m.pattern].push_back({m.at.time_since_epoch() / 1h, std::stoll(std::string(account))});
      }
      const stream::timestamp watermark = log.last().watermark();
      if (watermark.time_since_epoch() > 0s && watermark != stream::end_of_time) {
        log.drop_before(watermark - engine.retention());
      }
    }
  };
  stream::record_framer framer(stream::record_syntax::csv, stream::source_id{0});
  constexpr std::size_t piece = 1 << 18;
  for (std::size_t at = 0; at < csv.size(); at += piece) {
    if (auto block = framer.push(std::string_view(csv).substr(at, piece), aside)) {
      intake.feed(stream::source_id{0}, std::move(*block));
    }
    take_batches();
  }
  if (auto block = framer.finish()) intake.feed(stream::source_id{0}, std::move(*block));
  intake.end(stream::source_id{0});
  take_batches();
  CHECK(aside.empty());
  CHECK(intake.counters(stream::source_id{0}).events == 117'805);
  return alerts;
}

/// As the reference was made: lines `step,account` of all alerts, sorted as integers.
summary summed_up(std::vector<alert> alerts) {
  std::ranges::sort(alerts);
  std::set<std::int64_t> accounts;
  std::string lines;
  for (const alert& a : alerts) {
    accounts.insert(a.account);
    lines += fmt::format("{},{}\n", a.step, a.account);
  }
  return {alerts.size(), accounts.size(), testing::sha256(lines).substr(0, 16)};
}

}  // namespace

TEST_CASE("AMLSim's transfers give the reference counts, for any size of batch") {
  const std::string path = WEIR_SHARED_DATA "/amlsim/transactions.csv.gz";
  if (!std::filesystem::exists(path)) {
    WARN("not tested: the file " << path << " is not there");
    return;
  }
  const std::string csv = read_gzip(path);
  for (const std::size_t rows : {std::size_t{1}, std::size_t{7}, std::size_t{1'000}, std::size_t{100'000}}) {
    const std::vector<std::vector<alert>> alerts = run(csv, rows);
    REQUIRE(alerts.size() == reference.size());
    for (std::size_t rule = 0; rule < alerts.size(); ++rule) {
      INFO("rule a" << rule + 1 << ", batches of " << rows);
      CHECK(summed_up(alerts[rule]) == reference[rule]);
    }
  }
}
