// Detection inside somebody else's program: a rule, records in, matches out.
#include <graph/concepts.hpp>
#include <iostream>
#include <memory>
#include <rules/alert.hpp>
#include <rules/compile.hpp>
#include <rules/dstream/detect.hpp>
#include <stream/dstream/streaming_context.hpp>
#include <stream/intake.hpp>

int main() {
  const auto compiled = weir::rules::compile_text(R"(
    entity card
    event payment { at: time  id: text  card: card  amount: money(EUR) }
    rule large for card { on p: payment where amount > 500 EUR  reason "{p.amount}" }
  )");
  const auto& rules = *compiled.result;
  weir::stream::symbols names{rules.schema};
  weir::stream::source_options payments{.name = "payments", .format = {.event = rules.schema.find("payment")}};
  weir::stream::intake intake{rules.schema, names, {payments}};
  weir::cep::engine engine{rules.patterns(), rules.data, rules.schema, names};
  weir::rules::alert_writer writer{rules, names, {"payments"}};
  weir::stream::event_log log;

  intake.feed({}, weir::stream::make_block("{\"at\":1,\"id\":\"a\",\"card\":\"C1\",\"amount\":900.50}\n"
                                           "{\"at\":2,\"id\":\"b\",\"card\":\"C1\",\"amount\":3}\n"));
  intake.end({});
  std::vector<weir::stream::set_aside_record> aside;
  while (auto batch = intake.next(1000, aside)) {
    log.append(std::move(*batch));
    for (const auto& match : engine.advance(log)) {
      std::cout << writer.cause(match).name << ' ' << writer.subject(match) << ' ' << writer.reason(match, log) << '\n';
    }
  }

  // The same as a program over dstreams.
  weir::rules::record_rules at_work(rules, payments);
  const auto queue = std::make_shared<weir::stream::row_queue<std::string>>();
  queue->push({R"({"at":3,"id":"c","card":"C2","amount":501})"});
  queue->close();
  weir::stream::streaming_context app({.pace = weir::stream::batch_pace::when_ready});
  app.queue_stream(queue).detect(at_work).for_each_batch([](const auto& alerts) {
    for (const auto& alert : alerts) std::cout << alert.rule << ' ' << alert.subject << '\n';
  });
  return app.run() ? 0 : 1;
}
