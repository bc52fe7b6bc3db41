"""Where estimates are asked for."""

ESTIMATE_PATH = "/estimate-body"
UPLOAD_PATH = "/estimate-body/upload"
