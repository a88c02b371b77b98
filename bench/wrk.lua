-- Writes what a run came to as one line of JSON, behind a mark that wrk itself never prints.
done = function(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\n@result {"requests":%d,"microseconds":%d,"p50":%.3f,"p99":%.3f,"status":%d,"connect":%d,"read":%d,"write":%d,"timeout":%d}\n',
    summary.requests, summary.duration, latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    errors.status, errors.connect, errors.read, errors.write, errors.timeout))
end
