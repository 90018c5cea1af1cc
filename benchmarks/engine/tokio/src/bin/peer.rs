/* SPDX-License-Identifier: Apache-2.0 */

//! The peer whose time is measured: the system allocator, nothing counted.

fn main() {
    weft_benchmarks_tokio::serve(|| None);
}
