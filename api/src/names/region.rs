//! Regions by code or name.

use std::{collections::HashMap, sync::Arc};

use entity::{reference::chained, region, region_alias};

use crate::{Error, catalogue::Catalogue};

/// The divisions by all that they are called; several where a name is equally good for all of them.
pub(crate) fn of_regions(
    regions: &HashMap<i32, Arc<region::Model>>,
    aliases: Vec<region_alias::Model>,
) -> HashMap<String, Vec<Arc<region::Model>>> {
    let mut candidates: HashMap<String, Vec<(Fit, &Arc<region::Model>)>> = HashMap::new();
    for region in regions.values() {
        for (name, how) in [(&region.code, How::Code), (&region.name, How::Name), (&region.short_name, How::OtherName)]
        {
            candidates.entry(name.clone()).or_default().push((Fit::new(region, how), region));
        }
    }
    for row in aliases {
        if let Some(region) = regions.get(&row.region_id) {
            candidates.entry(row.alias).or_default().push((Fit::new(region, How::OtherName), region));
        }
    }
    candidates.into_iter().map(|(name, candidates)| (name, best(&candidates))).collect()
}

/// How well a division fits a name; the least is the best. A full name goes before a short one, what is in use before
/// what was, and 吉林 is the province before it is the city.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Fit {
    former: bool,
    how: How,
    level: entity::value::RegionLevel,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum How {
    Code,
    Name,
    /// Short, former or familiar: these are equals, and the rank decides between them.
    OtherName,
}

impl Fit {
    const fn new(region: &region::Model, how: How) -> Self {
        Self { former: region.until.is_some(), how, level: region.level }
    }
}

fn best(candidates: &[(Fit, &Arc<region::Model>)]) -> Vec<Arc<region::Model>> {
    let Some(least) = candidates.iter().map(|(fit, _)| *fit).min() else { return Vec::new() };
    let mut regions: Vec<_> =
        candidates.iter().filter(|(fit, _)| *fit == least).map(|(_, region)| Arc::clone(region)).collect();
    regions.sort_by_key(|region| region.id);
    regions.dedup_by_key(|region| region.id);
    if least.how == How::Code {
        regions.truncate(1);
    }
    regions
}

/// The divisions that a name means behind the names of those that they lie in: 南京市鼓楼区, 江苏省南京市鼓楼区.
pub(crate) fn behind(named: &HashMap<String, Vec<Arc<region::Model>>>, name: &str) -> Option<Vec<Arc<region::Model>>> {
    let found = chained(name, &|name: &str, _| {
        let found = named.get(name).into_iter().flatten().filter(|region| region.code != name);
        found.map(|region| (region.region_code(), Arc::clone(region))).collect()
    });
    Some(found).filter(|found| !found.is_empty())
}

/// The division that a code or a name means; none where it means nothing.
pub(crate) async fn find(catalogue: &Catalogue, name: &str) -> Result<Option<Arc<region::Model>>, Error> {
    let name = name.trim();
    let found = catalogue.regions_named(name).await?;
    match &found[..] {
        [] => Ok(None),
        [region] => Ok(Some(Arc::clone(region))),
        several => {
            let mut candidates = Vec::with_capacity(several.len());
            for region in several {
                let parent = match region.parent_id {
                    Some(id) => catalogue.region(id).await?,
                    None => None,
                };
                // 320106 南京市鼓楼区
                let parent = parent.as_ref().map_or("", |parent| &parent.name);
                candidates.push(format!("{} {parent}{}", region.code, region.name));
            }
            Err(Error::AmbiguousRegion { name: name.to_owned(), candidates })
        }
    }
}

/// The divisions that these names mean; a name that means nothing is an error.
pub(super) async fn find_all(
    catalogue: &Catalogue,
    names: Vec<String>,
) -> Result<HashMap<String, Arc<region::Model>>, Error> {
    let mut found = HashMap::with_capacity(names.len());
    for name in names {
        match find(catalogue, &name).await? {
            Some(region) => found.insert(name, region),
            None => return Err(Error::UnknownRegion { near: near(catalogue, &name).await?, name }),
        };
    }
    Ok(found)
}

/// Up to three divisions whose names begin alike.
async fn near(catalogue: &Catalogue, name: &str) -> Result<Vec<String>, Error> {
    let start: String = name.chars().take(2).collect();
    if start.is_empty() {
        return Ok(Vec::new());
    }
    Ok(catalogue.regions_beginning(&start, 3).await?.iter().map(|region| region.name.clone()).collect())
}
