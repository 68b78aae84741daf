/** etcd as the benchmark starts and asks it. */
@NullMarked
package io.gatefleet.bench.etcd;

import org.jspecify.annotations.NullMarked;
