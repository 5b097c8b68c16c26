// Prints the alerts of a running Weir: weir_example_subscriber tcp://localhost:5556 [TOPIC] [COUNT]
#include <cstdlib>
#include <iostream>
#include <limits>

#include <zmq.hpp>

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  zmq::context_t context;
  zmq::socket_t socket(context, zmq::socket_type::sub);
  socket.set(zmq::sockopt::subscribe, argc > 2 ? argv[2] : "");  // "high." for all of that severity
  socket.connect(argv[1]);

  long left = argc > 3 ? std::atol(argv[3]) : std::numeric_limits<long>::max();
  zmq::message_t topic;
  zmq::message_t payload;
  while (left > 0 && socket.recv(topic) && socket.recv(payload)) {
    if (topic.to_string_view() == "heartbeat") continue;  // once a second: {"seq": number of the last alert}
    std::cout << topic.to_string_view() << ' ' << payload.to_string_view() << std::endl;
    --left;
  }
}
