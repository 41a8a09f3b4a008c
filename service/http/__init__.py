"""What api, web and interop share: problem responses, the request id, who is calling, how an answer is given."""
