"""Ask about one community, and print whether the official list names it, and why. Needs only httpx.

python post_one.py http://127.0.0.1:8000 Gatwekera KE -1.3151 36.7826     (with the key in UNCOUNTED_KEY)
"""

from __future__ import annotations

import argparse
import os
import sys

import httpx


def main() -> None:
    """Send the community and print the verdict with its reasons."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("address", help="of the service")
    parser.add_argument("name", help="what the community is called")
    parser.add_argument("country", help="ISO 3166 code or English name")
    parser.add_argument("lat", type=float, help="decimal degrees")
    parser.add_argument("lon", type=float, help="decimal degrees")
    parser.add_argument("--kind", default="village", help="kind of place (village)")
    # Numbers such as -1.3151 would be taken for options.
    asked = parser.parse_args([f" {one}" if one[:1] == "-" and one[1:2].isdigit() else one for one in sys.argv[1:]])

    record = {
        "name": asked.name,
        "country": asked.country,
        "kind": asked.kind,
        "location": {"lat": asked.lat, "lon": asked.lon},
    }
    headers = {"Authorization": f"Bearer {os.environ['UNCOUNTED_KEY']}"}
    answer = httpx.post(f"{asked.address}/v1/records", json=record, headers=headers, timeout=60)
    told = answer.json()
    if answer.is_error:
        sys.exit(f"{told['detail']} {told['hint']}")
    print(told["verdict"], f"probability of absence {told['probability']}", sep="\t")
    for reason in told["reasons"]:
        print(f"* {reason}")


if __name__ == "__main__":
    main()
