"""Grafana's dashboards as we mean them; `scripts/write_dashboards.py` writes them as Grafana reads them."""
