package weir.peers;

import java.util.concurrent.CountDownLatch;
import org.apache.spark.streaming.scheduler.StreamingListener;
import org.apache.spark.streaming.scheduler.StreamingListenerBatchCompleted;
import org.apache.spark.streaming.scheduler.StreamingListenerBatchStarted;
import org.apache.spark.streaming.scheduler.StreamingListenerBatchSubmitted;
import org.apache.spark.streaming.scheduler.StreamingListenerOutputOperationCompleted;
import org.apache.spark.streaming.scheduler.StreamingListenerOutputOperationStarted;
import org.apache.spark.streaming.scheduler.StreamingListenerReceiverError;
import org.apache.spark.streaming.scheduler.StreamingListenerReceiverStarted;
import org.apache.spark.streaming.scheduler.StreamingListenerReceiverStopped;
import org.apache.spark.streaming.scheduler.StreamingListenerStreamingStarted;

/** How long Spark has worked on the first so many batches; they come one after the other. */
final class SparkWorked implements StreamingListener {
  final CountDownLatch done = new CountDownLatch(1);
  volatile long milliseconds;
  private int left;

  SparkWorked(int batches) {
    left = batches;
  }

  @Override
  public void onBatchCompleted(StreamingListenerBatchCompleted completed) {
    if (left == 0) return;
    milliseconds += (Long) completed.batchInfo().processingDelay().get();
    if (--left == 0) done.countDown();
  }

  @Override
  public void onStreamingStarted(StreamingListenerStreamingStarted event) {}

  @Override
  public void onReceiverStarted(StreamingListenerReceiverStarted event) {}

  @Override
  public void onReceiverError(StreamingListenerReceiverError event) {}

  @Override
  public void onReceiverStopped(StreamingListenerReceiverStopped event) {}

  @Override
  public void onBatchSubmitted(StreamingListenerBatchSubmitted event) {}

  @Override
  public void onBatchStarted(StreamingListenerBatchStarted event) {}

  @Override
  public void onOutputOperationStarted(StreamingListenerOutputOperationStarted event) {}

  @Override
  public void onOutputOperationCompleted(StreamingListenerOutputOperationCompleted event) {}
}
