# SPDX-License-Identifier: Apache-2.0
# Debian's Prometheus with the user and the paths of the public image.
FROM kritik-local/debian
COPY root/usr/bin/prometheus root/usr/bin/promtool /bin/
RUN mkdir -p /prometheus /etc/prometheus && chown 65534:65534 /prometheus
USER 65534:65534
EXPOSE 9090
WORKDIR /prometheus
ENTRYPOINT ["/bin/prometheus"]
CMD ["--config.file=/etc/prometheus/prometheus.yml", "--storage.tsdb.path=/prometheus"]
