#!/bin/sh
# As the official image: every template to conf.d, with the defined variables that the filter lets through.
set -e
templates=/etc/nginx/templates
results=/etc/nginx/conf.d
[ -w "$results" ] || {
  echo "$0: $results is not writable" >&2
  exit 0
}
defined=$(awk 'END { for (name in ENVIRON) if (name ~ ENVIRON["NGINX_ENVSUBST_FILTER"]) printf "${%s} ", name }' </dev/null)
find "$templates" -follow -type f -name '*.template' | while read -r template; do
  result=$results/${template#"$templates/"}
  mkdir -p "$(dirname "$result")"
  envsubst "$defined" <"$template" >"${result%.template}"
done
