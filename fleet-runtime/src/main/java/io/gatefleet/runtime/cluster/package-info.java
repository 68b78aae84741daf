/** How a service joins the cluster of the control plane, what it knows of it, and how it leaves. */
@NullMarked
package io.gatefleet.runtime.cluster;

import org.jspecify.annotations.NullMarked;
